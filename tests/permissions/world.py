"""The people and objects that the tables name, made in a region through its services."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant

PASSWORD = "une fenêtre ouverte sur Rennes"
OPERATOR = "ariane@example.org"
NEXT_MONDAY = date.today() + timedelta(days=7 - date.today().weekday())


@dataclass(frozen=True, slots=True)
class Flavour:
    """What differs between two regions whose rows have the same keys."""

    community: str
    municipality: str
    """INSEE code and label of the town where everything happens."""
    label: str
    destination: str
    destination_label: str
    surname: str


HERE = Flavour("Atelier des Lices", "35238", "Rennes (35)", "35360", "Vitré (35)", "Le Goff")
THERE = Flavour("Halle aux grains", "59350", "Lille (59)", "59512", "Roubaix (59)", "Delattre")


@dataclass(slots=True)
class World:
    """One region as the tables see it."""

    tenant: Tenant
    people: dict[str, Any] = field(default_factory=dict)
    """By role; visitor and operator have no account here."""
    names: dict[str, str] = field(default_factory=dict)
    """What a placeholder stands for in an address."""
    keys: dict[str, int] = field(default_factory=dict)
    """Primary keys of the same objects."""
    sends: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """What a line sends, by name."""
    sessions: dict[str, str] = field(default_factory=dict)
    """By role: the session cookie of somebody signed in to this region."""
    private_file: str = ""
    """Name in the private storage; a link to it lives for minutes, less than a slow run."""

    def path(self, path: str) -> str:
        """Return the address with its placeholders replaced; ``token`` is made at the moment."""
        names = self.names
        if "{token}" in path:
            with tenant_scope(self.tenant):
                link = storages["private"].url(self.private_file)
            names = {**names, "token": link.rstrip("/").rpartition("/")[2]}
        return path.format_map(names)


def build(tenant: Tenant, flavour: Flavour) -> World:
    """Make everything in the region. Not safe to call twice in one region."""
    with tenant_scope(tenant):
        world = World(tenant)
        _people(world, flavour)
        _sign_in(world)
        _communities(world, flavour)
        _imports(world, flavour)
        _bulk(world)
        _adverts(world, flavour)
        _bookings(world)
        _alerts(world, flavour)
        _files(world)
    _registry(world)
    _figures(world, flavour)
    world.sends.update(_sends(world, flavour))
    return world


def people_only(tenant: Tenant, flavour: Flavour) -> World:
    """Make the people and nothing else: a region on its first day."""
    with tenant_scope(tenant):
        world = World(tenant)
        _people(world, flavour)
        _sign_in(world)
    return world


@dataclass(frozen=True, slots=True)
class Operator:
    """Someone of the platform's team, with an account in the public schema."""

    account: Any
    session: str


def operator_create() -> Operator:
    """Make an operator."""
    from core.accounts.services import AccountDraft, account_create_verified

    with platform_scope(reason="an operator for the tests"):
        draft = AccountDraft(email=OPERATOR, first_name="Ariane", last_name="Petit")
        account = account_create_verified(draft=draft, password=PASSWORD)
        account.is_platform_operator = True
        account.save()
        return Operator(account, _session_of(account))


def operator_remove(operator: Operator) -> None:
    """Take the operator away again."""
    with platform_scope(reason="the tests are over"):
        operator.account.delete()
        Session.objects.filter(session_key=operator.session).delete()


def _session_of(account: Any) -> str:
    """Sign in and return the cookie; the session belongs to the scope that is current."""
    client = Client()
    client.force_login(account)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _sign_in(world: World) -> None:
    for role, account in world.people.items():
        world.sessions[role] = _session_of(account)


def _people(world: World, flavour: Flavour) -> None:
    from core.accounts.services import AccountDraft, account_create_verified, role_grant

    for role, first_name in (
        ("member", "Maëlle"),
        ("other", "Yann"),
        ("referent", "Soizic"),
        ("administrator", "Odile"),
    ):
        world.people[role] = account_create_verified(
            draft=AccountDraft(
                email=f"{role}@example.org",
                first_name=first_name,
                last_name=flavour.surname,
                phone="+33612345678",
                title="mrs",
                birth_date=date(1990, 5, 4),
                residence_code=flavour.municipality,
                charter_version="1",
            ),
            password=PASSWORD,
        )
        world.keys[role] = world.people[role].pk
    role_grant(account=world.people["administrator"], role="administrator")
    world.names["person"] = str(world.people["other"].public_id)


def _communities(world: World, flavour: Flavour) -> None:
    from communities.communities.services import community_create, membership_join

    def create(name: str) -> Any:
        return community_create(
            creator=world.people["referent"],
            name=name,
            kind="organisation",
            short_description="Pour venir travailler ensemble.",
            description="Rendez-vous à 8 h devant la fontaine.",
            municipality_code=flavour.municipality,
        )

    community = create(flavour.community)
    membership_join(account=world.people["member"], community=community)
    line = community_create(
        creator=world.people["referent"],
        name=f"Ligne {flavour.surname}",
        kind="line",
        short_description="Le même axe, chaque matin.",
        municipality_code=flavour.municipality,
        road="Route du nord",
    )
    membership_join(account=world.people["member"], community=line)
    inactive = create(f"{flavour.community} (fermée)")
    inactive.is_active = False
    inactive.save()
    world.names |= {
        "community": community.slug,
        "inactive": inactive.slug,
        "line": line.slug,
    }
    world.keys |= {"community": community.pk, "inactive": inactive.pk}
    # Another référent's: here, the administrator's own.
    neighbour = community_create(
        creator=world.people["administrator"],
        name=f"Voisins {flavour.surname}",
        kind="organisation",
        short_description="De l'autre côté de la rue.",
        municipality_code=flavour.municipality,
    )
    world.names["neighbour"] = neighbour.slug
    world.keys["neighbour"] = neighbour.pk
    member = community.memberships.get(account=world.people["member"])
    world.keys["membership"] = member.pk
    _handing_over(world, line, create(f"{flavour.community} (archivée)"))


def _handing_over(world: World, line: Any, archived: Any) -> None:
    """A vote and an offer in one community; another is archived."""
    from communities.communities.services import membership_join
    from communities.lifecycle.archives import community_archive
    from communities.lifecycle.handovers import handover_open
    from communities.lifecycle.offers import offer_make

    membership_join(account=world.people["member"], community=archived)
    asked = line.memberships.get(account=world.people["member"])
    handover_open(community=line, cause="region", by=world.people["administrator"])
    offer_make(community=line, by=world.people["referent"], membership=asked.pk)
    community_archive(community=archived)
    world.names["archived"] = archived.slug
    world.keys["archived"] = archived.pk


def _imports(world: World, flavour: Flavour) -> None:
    """Files that wait to be checked, each sent by another, and somebody who is invited."""
    from communities.communities.models import Community
    from communities.imports.invitations import Invited, invitations_make, token_of
    from communities.imports.models import Invitation
    from communities.imports.services import import_begin

    place = flavour.municipality
    for name, kind, of, by, content in (
        ("import", "members", "community", "referent", "Email\ninvitee@example.org"),
        ("next_import", "members", "neighbour", "administrator", "Email\ninvitee@example.org"),
        ("groups_import", "communities", "", "administrator", f"Nom;INSEE\nLycée;{place}"),
    ):
        made = import_begin(
            kind=kind,
            community=Community.objects.get(slug=world.names[of]) if of else None,
            by=world.people[by],
            file_name="fichier.csv",
            content=content.encode(),
        )
        world.names[name] = str(made.public_id)
        world.keys[name] = made.pk
    community = Community.objects.get(slug=world.names["community"])
    guest = Invited("invitee@example.org", "Nina", flavour.surname, "member")
    invitations_make(community=community, people=[guest], by=world.people["referent"])
    world.names["invitation"] = token_of(Invitation.objects.get())


def _bulk(world: World) -> None:
    """Acts on whole lists that changed nobody, each by another."""
    from communities.bulk.services import act_begin
    from communities.communities.models import Community, Membership

    for name, of, by in (
        ("bulk_act", "community", "referent"),
        ("next_act", "neighbour", "administrator"),
    ):
        community = Community.objects.get(slug=world.names[of])
        moderators = Membership.objects.filter(
            community=community, status="accepted", role="moderator"
        )
        made = act_begin(
            community=community,
            act="accept",
            keys=[one.pk for one in moderators.order_by("pk")],
            by=world.people[by],
        )
        world.names[name] = str(made.public_id)
        world.keys[name] = made.pk


def _adverts(world: World, flavour: Flavour) -> None:
    from communities.communities.models import Community
    from rides.adverts.drafting import draft_save
    from rides.adverts.inputs import OneOff, Place, Slot, Weekly
    from rides.adverts.services import advert_delete, advert_pause, advert_publish

    community = Community.objects.get(slug=world.names["community"])
    weekly = Weekly([Slot(day, time(7, 40), time(17, 30)) for day in range(5)])
    once = OneOff(NEXT_MONDAY, time(9, 0), NEXT_MONDAY, time(18, 0))
    for name, planning in (("advert", weekly), ("paused", once), ("deleted", weekly)):
        advert = advert_publish(
            author=world.people["member"],
            role="driver",
            origin=Place(flavour.municipality, "Gare sud"),
            destination=Place(flavour.destination),
            planning=planning,
            seats=3,
            comment="Je pars à l'heure.",
            communities=[community],
        )
        if name == "paused":
            advert_pause(advert=advert)
        if name == "deleted":
            advert_delete(advert=advert)
        world.names[name] = str(advert.public_id)
        world.keys[name] = advert.pk

    steps = {
        "role": {"role": ["driver"]},
        "planning": {
            "kind": ["regular"],
            "slots": ["1"],
            "weekdays_0": ["1"],
            "time_0": ["07:40"],
        },
        "route": {
            "stops": ["0"],
            "origin": [flavour.label],
            "destination": [flavour.destination_label],
        },
        "passengers": {"seats": ["3"]},
        "contribution": {"choice": ["free"]},
        "message": {},
    }
    draft_save(account=world.people["member"], data={"key": str(uuid.uuid4()), "steps": steps})


def _bookings(world: World) -> None:
    from rides.adverts.inputs import RideKey
    from rides.adverts.models import Advert
    from rides.bookings.inputs import Request, Wanted
    from rides.bookings.services import booking_request

    booking = booking_request(
        asker=world.people["other"],
        advert=Advert.objects.get(pk=world.keys["advert"]),
        request=Request(
            Wanted([RideKey(NEXT_MONDAY, False, time(7, 40))]), message="Bonjour, une place ?"
        ),
    )
    from rides.conversations.models import Thread
    from rides.conversations.services import message_send, report_create

    thread = Thread.objects.get(advert=booking.advert, other=booking.passenger)
    message_send(thread=thread, sender=world.people["member"], body="Bonjour, avec plaisir.")
    report = report_create(thread=thread, reporter=world.people["member"], reason="other")
    world.names |= {"thread": str(thread.public_id), "report": str(report.public_id)}
    world.keys |= {"thread": thread.pk, "report": report.pk}
    _journey(world, booking)
    world.names["booking"] = str(booking.public_id)
    world.keys["booking"] = booking.pk


def _journey(world: World, booking: Any) -> None:
    """Something that was shared yesterday, the mail that asks about it, and a calendar."""
    from django.utils import timezone

    from rides.journeys.calendar import feed_token
    from rides.journeys.models import Journey
    from rides.journeys.recap import recap_token
    from rides.journeys.services import calendar_open

    left = timezone.now() - timedelta(days=1)
    journey = Journey.objects.create(
        booking=booking,
        driver=booking.driver,
        passenger=booking.passenger,
        day=left.date(),
        backwards=False,
        time=time(7, 40),
        departs_at=left,
        arrives_at=left + timedelta(minutes=40),
        origin_label=booking.pickup_label,
        destination_label=booking.dropoff_label,
        seats=1,
        metres=booking.metres,
        price_cents=booking.price_cents,
    )
    feed = calendar_open(account=booking.passenger)
    world.names |= {
        "journey": str(journey.public_id),
        "recap": recap_token(booking.passenger, [journey]),
        "calendar": feed_token(feed),
    }
    world.keys["journey"] = journey.pk


def _alerts(world: World, flavour: Flavour) -> None:
    from regions.territories.queries import municipalities_get
    from rides.search.alerts import alert_create, token

    places = municipalities_get([flavour.municipality, flavour.destination])
    alert = alert_create(
        account=world.people["member"],
        origin=places[flavour.municipality],
        destination=places[flavour.destination],
        asked={"regular": True, "weekdays": [0, 1]},
    )
    world.names |= {"alert": str(alert.public_id), "alert_token": token(alert)}
    world.keys["alert"] = alert.pk


def _files(world: World) -> None:
    name = f"{uuid.uuid4().hex}.txt"  # another region has no file of that name
    words = ContentFile(world.tenant.slug.encode())
    world.private_file = storages["private"].save(name, words)
    world.names["public_file"] = storages["public"].save(name, words)


def _registry(world: World) -> None:
    """What the back office names: rows of the public schema, by their keys."""
    from regions.projection.models import Parked
    from regions.territories.models import TerritoryMove
    from tenants.models import Domain

    hosts = Domain.objects.filter(tenant=world.tenant, kind=Domain.Kind.SITE)
    world.names["tenant"] = str(world.tenant.pk)
    world.names["primary"] = str(hosts.get(is_primary=True).pk)
    world.names["domain"] = str(hosts.get(is_primary=False).pk)
    with platform_scope(reason="an event set aside, for the tests"):
        parked = Parked.objects.create(
            tenant=world.tenant, event=1, kind="test", version=1, subject=uuid.uuid4()
        )
        move = TerritoryMove.objects.create(
            kind="municipality", changes=[["35001", "35024"]], since="2027-01-01", state="prepared"
        )
    world.names["parked"] = str(parked.public_id)
    world.names["move"] = str(move.public_id)


def _figures(world: World, flavour: Flavour) -> None:
    """What the observatory shows: two months of journeys, some of them « < 6 »."""
    from regions.observatory.services import apply
    from regions.projection.handlers import Event

    cells = [
        [amount, "month", month, kind, code, "", value]
        for amount, value in (("journeys", 1234), ("distance", 28_400_000))
        for month in ("2025-10-01", "2026-09-01", "2026-10-01")
        for kind, code in (
            ("whole", ""),
            ("departement", flavour.municipality[:2]),
            ("distance", "10-20"),
            ("hour", "07"),
            ("hour", "17"),
        )
    ]
    months = sorted({str(cell[2]) for cell in cells})
    with platform_scope(reason="figures for the tests"):
        for number, month in enumerate(months):
            own = [cell for cell in cells if cell[2] == month]
            payload = {"source": "journeys", "month": month, "cells": own}
            apply(world.tenant, [Event(number, "statistics", 1, uuid.uuid4(), number, payload)])


def agreement_create(world: World, other: Tenant) -> str:
    """Propose an agreement to another region; return its public id."""
    from regions.agreements.inputs import Terms
    from regions.agreements.services import agreement_propose

    terms = Terms("Deux rives", "Voyager d’une région à l’autre.", ["adverts"], date(2026, 1, 1))
    with tenant_scope(world.tenant):
        made = agreement_propose(
            actor=world.people["administrator"], terms=terms, partners=[other.slug]
        )
    return str(made.public_id)


def partner_ride(tenant: Tenant, reader: Tenant) -> str:
    """Share a ride with one other region alone; return what names it among regions."""
    from regions.projection.projector import drain
    from rides.pooling.models import pooling_switch
    from rides.pooling.services import advert_agree
    from tests.regions.agreement_help import agree
    from tests.rides.situations import make_advert

    agree(tenant, reader, pools=["adverts", "communities", "statistics"])
    with tenant_scope(tenant):
        pooling_switch(enabled=True)
        advert = make_advert()
        shared = advert_agree(advert=advert, account=advert.author)
    drain(tenant)
    return str(shared.pool_id)


def partner_logo(tenant: Tenant) -> str:
    """Give a region a logo on its public card; return its short name."""
    from regions.pool.models import RegionCard

    with tenant_scope(tenant):
        logo = storages["public"].save("themes/logo.png", ContentFile(b"a picture"))
    with platform_scope(reason="a test's card"):
        RegionCard.objects.update_or_create(
            tenant_id=tenant.pk,
            defaults={"name": tenant.name, "accent": "#123456", "logo": logo},
        )
    return str(tenant.slug)


def mail_write(folder: Path) -> str:
    """Leave a mail as Django's file back end writes it; return the mailbox's name for it."""
    name = "20261123-074000-1"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.log").write_text(
        "Subject: Bienvenue\nFrom: bonjour@example.org\nTo: maelle@example.org\n\n123456\n"
    )
    return f"{name}-0"


def _sends(world: World, flavour: Flavour) -> dict[str, Mapping[str, Any]]:
    return {
        "territories": {"kind": "municipality", "since": "2027-01-01", "lines": "35001;35024"},
        "language": {"language": "en"},
        "scheme": {"scheme": "dark"},
        "credentials": {"email": "new@example.org", "phone": "0612345678", "password": PASSWORD},
        "identity": {
            "first_name": "Nina",
            "last_name": "Roux",
            "title": "mrs",
            "birth_date": "1990-05-04",
        },
        "residence": {"residence": flavour.label, "charter": "on"},
        "code": {"code": "123456"},
        "sign_in": {"login": "member@example.org", "password": PASSWORD},
        "operator_sign_in": {"login": OPERATOR, "password": PASSWORD},
        "email": {"email": "member@example.org"},
        "new_password": {"password": "un autre chemin vers la mer"},
        "profile": {
            "first_name": "Maëlle",
            "last_name": "Guérin",
            "title": "mrs",
            "phone": "0612345678",
            "residence": flavour.label,
            "language": "fr",
        },
        "consent": {"action": "give"},
        "password": {"password": PASSWORD},
        "password_change": {"oldpassword": PASSWORD, "password1": "un autre chemin vers la mer"},
        "new_email": {"email": "moved@example.org", "password": PASSWORD},
        "community": {
            "name": "Les lève-tôt",
            "kind": "territory",
            "short_description": "Pour partir avant le soleil.",
            "description": "Devant la mairie.",
            "municipality": flavour.label,
            "validation": "automatic",
            "key": str(uuid.uuid4()),
        },
        "rules": {"minors_allowed": "on"},
        "why": {"reason": "Messages déplacés"},
        "analyst": {"role": "analyst"},
        "restore": {"slug": world.names["community"]},
        "detail": {
            "name": "Atelier du port",
            "validation": "automatic",
            "municipality": flavour.label,
            "short_description": "Pour venir travailler ensemble.",
        },
        "validation": {"validation": "moderator"},
        "standing": {
            "save": world.keys["membership"],
            f"statut-{world.keys['membership']}": "moderator",
        },
        "added": {"email": "other@example.org", "role": "member"},
        "own_fields": {"organisation_kind": "campus", "carpool_spaces": "4"},
        "community_rules": {
            "ask_again_days": "30",
            "inactive_after_months": "12",
            "answer_days": "30",
            "vote_days": "14",
            "archive_months": "12",
        },
        "deletion": {"name": flavour.community},
        "neighbour_deletion": {"name": f"Voisins {flavour.surname}"},
        "accepts": {"answer": "accept"},
        "contact": {"on": "2026-09-01", "way": "phone", "person": "Soizic", "said": "Rien."},
        "named": {"member": world.keys["membership"]},
        "sure": {"post": "yes"},
        "reading": {"encoding": "utf-8", "separator": ";"},
        "all_valid": {"mode": "valid"},
        "everyone": {"bulk": "accept", "everyone": "1"},
        "tenant": {
            "name": world.tenant.name,
            "state": "live",
            "modules": ["communities", "carpooling"],
            "language": "fr",
            "time_zone": "Europe/Paris",
        },
        "make_primary": {"action": "make_primary", "_selected_action": world.names["domain"]},
        "domain": {"host": "encore.localhost", "tenant": world.tenant.pk, "kind": "site"},
        "host": {"host": "autre.localhost"},
        "region": {
            "region_codes": "53,52",
            "contact_email": "bonjour@example.org",
            "support_email": "aide@example.org",
        },
        "nothing": {"dry_run": "on"},
        "version": {"version": "1"},
        "pooling": {"enabled": "on"},
        "nobody": {"person": str(uuid.uuid4())},
        "agreement": {
            "partners": ["tierce"],
            "title": "Trois rives",
            "purpose": "Voyager d’une région à l’autre.",
            "pools": ["adverts"],
            "starts_on": "2026-01-01",
        },
        "rides_rules": {
            "suggested_cents_per_km": "6",
            "warn_above_cents_per_km": "30",
            "most_cents_per_km": "50",
            "new_contacts_per_day": "20",
            "co2_grams_per_km": "195",
        },
        "api_seats": {"seats": 2},
        "api_advert": {
            "role": "driver",
            "kind": "regular",
            "origin": {"municipality": flavour.municipality},
            "destination": {"municipality": flavour.destination},
            "seats": 3,
            "slots": [{"weekday": 0, "time": "07:40", "return_time": "17:30"}],
        },
        "booking": {
            "key": str(uuid.uuid4()),
            "when": "dates",
            "rides": [f"{NEXT_MONDAY + timedelta(days=1)}_0_0740"],
            "seats": "1",
        },
        "says": {"says": "done"},
        "thanks": {"text": "Merci !"},
        "search": {
            "origin_code": flavour.municipality,
            "destination_code": flavour.destination,
            "regular": "on",
            "weekdays": ["1", "2"],
        },
        "message": {"key": str(uuid.uuid4()), "body": "À demain !"},
        "report": {"reason": "rude"},
        "notifications": {"quiet_from": "22:00", "quiet_until": "06:30"},
        "api_booking": {
            "advert": world.names["advert"],
            "rides": [{"day": f"{NEXT_MONDAY + timedelta(days=1)}", "time": "07:40"}],
        },
        "api_cancel": {"status": "cancelled"},
        "meeting": {"label": "Place de la gare"},
        "line_stops": {
            "stops": "2",
            "stop_0": "Rennes (35)",
            "stop_0_code": "35238",
            "stop_1": "Vitré (35)",
            "stop_1_code": "35360",
        },
        "api_contact": {"advert": world.names["advert"], "body": "Bonjour"},
        "api_message": {"body": "Bonjour"},
        "api_read": {"unread": 0},
        "api_says": {"said": "done"},
        "api_community": {
            "name": "Les couche-tard",
            "kind": "territory",
            "short_description": "Pour rentrer après le spectacle.",
            "municipality_code": flavour.municipality,
        },
        "role": {"role": "driver"},
        "seats": {"seats": "2"},
        "ride": {"day": NEXT_MONDAY.isoformat(), "usual": "07:40", "action": "cancel"},
    }
