"""Communities of the demo with each way of joining, requests that wait, and what is hidden.

Rows are written as the services would leave them, without the mails that these would send.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.utils import timezone

from communities.communities import domains, identifiers
from communities.communities.models import Community, CommunityMunicipality, Membership
from core.accounts.models import Account
from core.audit.services import record
from deploy.demo import cast
from regions.territories.models import Municipality

DOMAINS: Final = ("agglo.example", "example.org")
IDENTIFIERS: Final = 40
MESSAGES: Final = (
    "Bonjour, je viens d’arriver au service technique.",
    "Je travaille au bâtiment C, horaires décalés.",
    "",
    "Une collègue m’a parlé de la communauté, merci !",
    "J’habite à dix minutes et je viens chaque jour.",
)
REASON: Final = "Nous n’avons pas trouvé votre nom parmi les salarié·e·s du site."
_Kinds = Community.OrganisationKind


def fill(slug: str) -> None:
    """Give a region's communities their ways of joining and what is theirs alone."""
    referent = Account.objects.get(email=cast.account(slug, cast.REFERENT).email)
    member = Account.objects.get(email=cast.account(slug, cast.MEMBER).email)
    run = Community.objects.filter(memberships__account=referent, memberships__role="moderator")
    own = list(run.order_by("pk"))
    others = list(
        Community.objects.filter(kind=Community.Kind.ORGANISATION)
        .exclude(pk__in=[one.pk for one in own])
        .exclude(memberships__account=member)
        .order_by("pk")
    )
    for community, validation in zip(own, ("moderator", "secured", "domain"), strict=False):
        _validate(community, validation, referent)
    for community, validation in zip(
        others[1:], ("moderator", "domain", "secured", "moderator"), strict=False
    ):
        _validate(community, validation, _runner(community))
    for community in own[:1] + others[1:2]:
        _requests(community, _runner(community))
    for community in others[2:3]:
        community.adverts_hidden = community.members_hidden = True
        community.save(update_fields=["adverts_hidden", "members_hidden"])
    _sites()
    _territories()
    _lines()


def _runner(community: Community) -> Account:
    row = community.memberships.filter(role="moderator").select_related("account")
    return row.order_by("pk")[0].account


def _validate(community: Community, validation: str, by: Account) -> None:
    before = community.validation
    community.validation = validation
    community.save(update_fields=["validation"])
    if validation == Community.Validation.DOMAIN:
        domains.domains_set(community=community, domains=DOMAINS)
    if validation == Community.Validation.SECURED:
        content = "\n".join(f"AB-{1000 + number}" for number in range(IDENTIFIERS))
        identifiers.identifiers_import(community=community, content=content.encode(), by=by)
    _history(community, by, "community.updated", {"validation": (before, validation)})


def _requests(community: Community, by: Account) -> None:
    """People who wait, the latest today; one who was refused."""
    now = timezone.now()
    inside = community.memberships.values_list("account_id", flat=True)
    crowd = Account.objects.filter(is_active=True, roles__isnull=True).exclude(pk__in=inside)
    people = list(crowd.order_by("-pk")[: len(MESSAGES) + 1])
    *waiting, refused = people
    rows = [
        Membership(
            account=one,
            community=community,
            status=Membership.Status.PENDING,
            joined_at=now - dt.timedelta(days=2 * number, hours=3),
            message=message,
        )
        for number, (one, message) in enumerate(zip(waiting, MESSAGES, strict=False))
    ]
    rows.append(
        Membership(
            account=refused,
            community=community,
            status=Membership.Status.REFUSED,
            joined_at=now - dt.timedelta(days=9),
            refused_at=now - dt.timedelta(days=6),
            reason=REASON,
            answered_by=by,
        )
    )
    Membership.objects.bulk_create(rows)
    changes = {"status": ("pending", "refused")}
    _history(community, by, "membership.refused", changes, subject=refused, note=REASON)


def _history(
    community: Community, by: Account, action: str, changes: dict[str, Any], **about: Any
) -> None:
    record(
        actor=by,
        action=action,
        kind="community",
        object_id=community.pk,
        label=community.name,
        changes=changes,
        **about,
    )


def _sites() -> None:
    """What organisations say of their site."""
    kinds = {"Campus": _Kinds.CAMPUS, "Parc": _Kinds.BUSINESS_PARK, "Zone": _Kinds.BUSINESS_PARK}
    rows = list(Community.objects.filter(kind=Community.Kind.ORGANISATION).order_by("pk"))
    for number, row in enumerate(rows):
        row.organisation_kind = kinds.get(row.name.split()[0], _Kinds.ORGANISATION)
        if number % 2 == 0:
            row.carpool_spaces = 6 + 4 * (number % 5)
            row.access_plan = (
                "Entrée par le rond-point nord. Les places de covoiturage sont devant l’accueil, "
                "signalées par un panneau."
            )
    Community.objects.bulk_update(rows, ["organisation_kind", "carpool_spaces", "access_plan"])


def _territories() -> None:
    """A territory holds the larger municipalities of its intercommunality."""
    rows = list(Community.objects.filter(kind=Community.Kind.TERRITORY).order_by("pk"))
    centres = Municipality.objects.in_bulk([row.municipality_code for row in rows])
    for number, row in enumerate(rows):
        if number % 3 == 2:
            continue  # its own municipality alone
        around = Municipality.objects.filter(
            intercommunality_code=centres[row.municipality_code].intercommunality_code
        )
        largest = around.order_by("-population").values_list("code", flat=True)[:7]
        codes = dict.fromkeys([row.municipality_code, *largest])
        CommunityMunicipality.objects.bulk_create(
            CommunityMunicipality(community=row, code=code) for code in codes
        )


def _lines() -> None:
    """Axis and peak hours."""
    rows = list(Community.objects.filter(kind=Community.Kind.LINE).order_by("pk"))
    for number, row in enumerate(rows):
        ends = row.name.removeprefix("Ligne ")
        row.road = f"RD {100 + 37 * (number + 1)}, {ends}"
        row.morning_from, row.morning_until = dt.time(6, 45), dt.time(9)
        row.evening_from, row.evening_until = dt.time(16, 30), dt.time(19)
    fields = ["road", "morning_from", "morning_until", "evening_from", "evening_until"]
    Community.objects.bulk_update(rows, fields)
