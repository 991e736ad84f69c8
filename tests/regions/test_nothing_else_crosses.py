"""What crosses between regions is a closed list: all else stays, column by column.

A member's account, advert, stop, community and membership get a mark in every column of text. They
publish, are searched for, written to, booked and counted; all that the other region gets to see is
collected by surface, and the marks found there must be exactly those of ``CROSSES``. A new column
(say, a solidarity status) gets a mark by itself; a new key of an event fails ``EVENTS``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import pytest
from django.core import mail
from django.db import models, transaction
from django.forms.models import model_to_dict

from communities.communities.models import Membership
from communities.pooling import telling
from core.accounts.models import Account
from regions.letters.models import Letter
from regions.letters.receivers import RECEIVERS
from regions.letters.services import letters_receive
from regions.observatory.queries import released
from regions.outbox.models import OutboxEvent
from regions.pool.adverts import AdvertPayload
from regions.pool.models import PooledAdvert
from regions.pool.queries import pool_common, pool_get, pool_some
from regions.pooled.listing import CommunityPayload
from regions.pooled.models import ListedCommunity
from regions.pooled.queries import find, pool_view
from regions.projection.handlers import HANDLERS
from regions.projection.projector import drain
from regions.statistics.services import months_release
from rides.adverts.inputs import Place
from rides.adverts.models import Advert, Stop
from rides.bookings.models import Booking
from rides.bookings.services import booking_accept
from rides.conversations.models import Thread
from rides.conversations.services import message_send, thread_start
from rides.pooling.models import SharedAdvert, pooling_switch
from rides.pooling.services import advert_agree, adverts_sync
from rides.relay.adverts import mirror_refresh
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.communities.test_pooled import EVERY, pooled
from tests.conftest import Twins
from tests.factories import make_account
from tests.regions.agreement_help import agree
from tests.regions.test_observatory import OCTOBER, TODAY, fill
from tests.rides.booking_help import ask
from tests.rides.situations import CESSON, RENNES, VITRE, make_advert
from tests.rides.test_alerts import keep

SEARCH: Final = f"origin_code={RENNES}&destination_code={VITRE}&regular=on&weekdays=1"
API: Final = f"origin={RENNES}&destination={VITRE}&regular=true&weekdays=0"

# What regions agree on: places, days, times and seats, and the fields of agreements.
ADVERT: Final = {
    *("role", "kind", "seats", "zone", "origin_code", "destination_code", "line", "keys", "week"),
    *("plane_x", "plane_y", "plane_z", "date", "time", "return_date", "return_time", "valid_from"),
    *("valid_until", "school_holidays", "public_holidays"),
    *("cents_per_km", "wheelchair"),  # fields of agreements
}
"""Columns of an advert that cross as they are."""
WITHDRAWS: Final = {"Advert.status", "Advert.same_gender", "Account.is_active"}
"""Columns that, once they are otherwise, take an advert back."""

CROSSES: Final[dict[str, set[str]]] = {
    "events of adverts": set(),
    "rows of the pool": set(),
    "functions of the pool": set(),
    "search, its API, page of a ride, community": {"Community.name", "Community.slug"},
    "alert's mail and page": set(),
    "letters before both agree": {"the message"},
    "what the asker sees before": {"the message"},
    "letters after both agreed": {"the message", "Account.first_name", "Account.phone"},
    "what the asker sees after": {"the message", "Account.first_name", "Account.phone"},
    "events of communities": {"Community.name", "Community.slug", "Account.first_name"},
    "pooled community": {"Community.name", "Community.slug", "Account.first_name"},
    "statistics and the observatory": set(),
}
"""Which marks the other region finds where; « Account.first_name » beside an initial: of those
who run a pooled community, where agreements share it, and of whom one shares a ride with."""

LETTERS: Final[dict[str, set[str]]] = {
    "ride-message": {"advert", "alias", "key", "text"},
    "ride-ask": {
        *("advert", "alias", "booking", "rides", "weeks", "seats", "waits"),
        *("drives", "pickup", "dropoff", "text"),
        *(f"{end}.{one}" for end in ("pickup", "dropoff") for one in ("label", "lat", "lon")),
    },
    "ride-state": {
        *("booking", "version", "acts", "status", "ending", "reason", "meeting", "meeting_label"),
        *("seats", "price_cents", "metres", "rides", "weeks", "event", "person", "points"),
        *("event.kind", "event.by", "event.day", "event.text"),
        *("person.first_name", "person.initial", "person.phone"),
    },
    "ride-act": {"booking", "number", "act", "day", "text", "off"},
    "ride-person": {"booking", "first_name", "initial", "phone", "points"},
    "ride-said": {"booking", "day", "back", "at", "says", "thanks"},
    "ride-block": {"advert", "alias", "on"},
    "ride-report": {"advert", "alias", "reason", "text"},
    "ride-undelivered": {"key"},
    "ride-gone": {"gone"},
    "returned": {"kind", "body"},
}
"""All that letters may say, by kind; one that comes back holds its own."""
EVENTS: Final[dict[tuple[str, int], set[str]]] = {
    ("advert", 1): {*ADVERT, "alias", "departments", "exceptions", "pools", "withheld"},
    ("community", 1): {"slug", "name", "kind", "municipality_code", "members", "moderators"},
    ("statistics", 1): {"source", "month", "cells"},
    ("letter", 1): {"to", "kind", "body"},
}
"""All that events may say, by kind and version. Something new is a new version, and a line here."""


class Marks:
    """Which mark stands in which column."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def new(self, name: str) -> str:
        """A mark that nothing else says; a telephone number where one is asked for."""
        number = len(self._names)
        mark = f"+3361298{number:04}" if name == "Account.phone" else f"zq{number:03}"
        self._names[mark] = name
        return mark

    def write(self, row: models.Model, *, but: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        """Put a mark into every column of text of a row, unless rows need their own words."""
        values = {}
        for field in row._meta.concrete_fields:
            text = isinstance(field, models.CharField | models.TextField)
            if text and not field.choices and field.attname not in but:
                mark = self.new(f"{type(row).__name__}.{field.attname}")
                at = isinstance(field, models.EmailField)
                values[field.attname] = f"{mark}@example.org" if at else mark
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        row.refresh_from_db()

    def found(self, text: str) -> set[str]:
        """Names of the marks in a text."""
        return {name for mark, name in self._names.items() if mark in text.lower()}


class Story(NamedTuple):
    """Everything that the other region got to see, by surface."""

    seen: dict[str, str]
    events: list[tuple[str, int, dict[str, Any]]]
    marks: Marks


def shape(said: dict[str, Any]) -> set[str]:
    """The keys of a payload, those of what lies within as ``outer.inner``."""
    within = {key: value for key, value in said.items() if isinstance(value, dict)}
    within.pop("body", None)  # of a letter, looked at by itself
    return set(said) | {f"{key}.{one}" for key, value in within.items() for one in value}


def words(answer: Any) -> str:
    """What an answer says, be it a page or a file that is sent in pieces."""
    pieces = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    return pieces.decode()


class Teller:
    """Carries what is on its way, and keeps a copy of each event before it goes."""

    def __init__(self, captured: Any, *tenants: Tenant) -> None:
        self._captured, self._tenants = captured, tenants
        self.events: list[tuple[str, int, dict[str, Any]]] = []

    def carry(self) -> None:
        for _round in range(6):
            moved = 0
            for tenant in self._tenants:
                with tenant_scope(tenant):
                    rows = OutboxEvent.objects.order_by("pk")
                    self.events += rows.values_list("kind", "version", "payload")
                with self._captured(execute=True):
                    moved += drain(tenant)
                with tenant_scope(tenant):
                    moved += letters_receive()
                    assert not Letter.objects.filter(attempts__gt=0).exists()
            if not moved:
                return
        raise AssertionError("letters go round in circles")

    def said(self, kind: str) -> str:
        """Everything that events of a kind said until now."""
        return json.dumps([payload for one, _version, payload in self.events if one == kind])


@pytest.fixture
def story(
    twins: Twins,
    _database: None,
    settings: Any,
    client_for: Callable[..., StrictClient],
    django_capture_on_commit_callbacks: Any,
) -> Story:
    """Ludivine of B offers a ride; Nolwenn of A is told of it, writes, books and rides along."""
    settings.CELERY_TASK_ALWAYS_EAGER = True
    here, there = twins
    agree(here, there, pools=["adverts", "communities", "statistics"], fields=EVERY)
    teller, marks, seen = Teller(django_capture_on_commit_callbacks, here, there), Marks(), {}
    for tenant in twins:
        with tenant_scope(tenant):
            pooling_switch(enabled=True)
    mine, theirs = pooled(twins)
    with tenant_scope(here):
        alert = keep()
        nolwenn = alert.account
    with tenant_scope(there):
        ludivine = Account.objects.get(pk=theirs.created_by_id)
        advert = make_advert(author=ludivine, communities=[theirs], stops=[Place(CESSON, "Mairie")])
        marks.write(ludivine, but={"guest_from"})
        marks.write(theirs, but={"municipality_code", "logo"})
        marks.write(Membership.objects.get(account=ludivine, community=theirs))
        marks.write(advert, but=ADVERT)
        marks.write(Stop.objects.get(advert=advert), but={"code"})
        pool_id = advert_agree(advert=advert, account=ludivine).pool_id
        telling.region_sync()
        adverts_sync([advert.pk])
    teller.carry()

    # Before anybody knows anybody.
    seen["events of adverts"] = teller.said("advert")
    with platform_scope(reason="a test looks"):
        seen["rows of the pool"] = str([model_to_dict(row) for row in PooledAdvert.objects.all()])
        listed = str([model_to_dict(row) for row in ListedCommunity.objects.all()])
    with tenant_scope(here):
        view = pool_view(mine.public_id)
        assert view is not None
        rows = [pool_get(pool_id), pool_some([pool_id]), pool_common(view.pool)]
        assert all(rows)
        seen["functions of the pool"] = str(rows)
        found = find("59", theirs.name)
        seen["pooled community"] = f"{listed} {view} {found}"
    visitor, reader = client_for(here), client_for(here, nolwenn)
    pages = [
        visitor.get(path).content.decode()
        for path in (
            *(f"/recherche/?{SEARCH}", f"/recherche/?{SEARCH}&vue=carte", f"/api/v1/search/?{API}"),
            *(f"/recherche/via/{pool_id}/", mine.get_absolute_url()),
        )
    ]
    assert all("Beta" in page for page in pages)
    seen["search, its API, page of a ride, community"] = " ".join(pages)
    (letter,) = mail.outbox
    seen["alert's mail and page"] = " ".join(
        [letter.body, str(letter.alternatives), reader.get("/recherche/alertes/").content.decode()]
    )
    assert "Via Beta" in seen["alert's mail and page"]

    # She writes and asks; Ludivine answers, then agrees.
    with tenant_scope(here):
        mirror = mirror_refresh(pool_id)
        thread = thread_start(account=nolwenn, advert=mirror, body="Bonjour !")
        booking = ask(mirror, asker=nolwenn)
    teller.carry()
    with tenant_scope(there):
        theirs_of = Thread.objects.get(public_id=thread.public_id)
        message_send(thread=theirs_of, sender=ludivine, body=marks.new("the message"))
    teller.carry()
    both = (f"/messages/{thread.public_id}/", f"/reservations/{booking.public_id}/")
    seen["letters before both agree"] = teller.said("letter")
    seen["what the asker sees before"] = "".join(reader.get(one).content.decode() for one in both)
    with tenant_scope(there):
        asked = Booking.objects.get(public_id=booking.public_id)
        booking_accept(booking=asked, account=ludivine)
    teller.carry()
    seen["letters after both agreed"] = teller.said("letter")
    seen["what the asker sees after"] = "".join(reader.get(one).content.decode() for one in both)

    # A month is published, of people who bear the marks.
    with tenant_scope(there):
        fill("59350")
        Account.objects.update(first_name=ludivine.first_name, last_name=ludivine.last_name)
        months_release(today=TODAY, since=OCTOBER)
    teller.carry()
    with tenant_scope(here):
        figures = released(["journeys", "registered"], first=OCTOBER, last=OCTOBER)
        assert {one.region for one in figures} >= {there.slug}
    public = client_for(there)
    files = [
        public.get(path)
        for path in (
            *("/observatoire/", "/observatoire/donnees.csv", "/observatoire/donnees.json"),
            *("/observatoire/carte.json", "/api/v1/observatory/"),
        )
    ]
    assert all(one.status_code == 200 for one in files), [one.status_code for one in files]
    said = teller.said("statistics")
    assert json.loads(said), "a month was told"
    seen["statistics and the observatory"] = " ".join([said, str(figures), *map(words, files)])
    seen["events of communities"] = teller.said("community")
    return Story(seen, teller.events, marks)


def test_each_surface_shows_what_agreements_name_and_no_other_column(story: Story) -> None:
    assert {name: story.marks.found(text) for name, text in story.seen.items()} == CROSSES


def test_events_say_what_their_version_says_and_no_more(story: Story) -> None:
    assert {(one.name, version) for one in HANDLERS for version in one.versions} == set(EVENTS)
    assert {one.name for one in RECEIVERS} == set(LETTERS)
    assert set(AdvertPayload.__annotations__) == EVENTS["advert", 1]
    assert set(CommunityPayload.__annotations__) == EVENTS["community", 1]
    assert {(kind, version) for kind, version, _said in story.events} == set(EVENTS)
    for kind, version, said in story.events:
        assert shape(said) <= EVENTS[kind, version] | {"gone"}, kind
        if kind == "letter":
            assert shape(said["body"]) <= LETTERS[said["kind"]], said["kind"]


def other(field: Any, value: Any) -> Any:
    """Another value of a column than the one it has."""
    if field.choices:
        return next(key for key, _label in field.choices if key != value)
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return not value
    if kind in ("CharField", "TextField", "EmailField"):
        return "zq" if value != "zq" else "qz"
    if kind == "DateField":
        return dt.date(1970, 1, 1)
    if kind == "DateTimeField":
        return dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    if kind == "FloatField":
        return (value or 0.0) + 0.00123
    return (value or 0) + 1


def columns(*kinds: type[models.Model]) -> Iterator[tuple[type[models.Model], Any]]:
    """Every column of these tables that is no key, and that does not cross as it is.

    ``guest_from`` is nobody's who may publish: a constraint.
    """
    for model in kinds:
        for field in model._meta.concrete_fields:
            crosses = model is Advert and field.attname in ADVERT
            keys = field.primary_key or field.is_relation or field.attname == "public_id"
            if not keys and not crosses and field.attname != "guest_from":
                yield model, field


def test_no_other_column_changes_what_is_told_unless_it_takes_it_back(
    twins: Twins, _database: None
) -> None:
    """Each column of an account, an advert and its stop, one by one, turned into something else."""
    agree(*twins, pools=["adverts", "communities"], fields=EVERY)
    with tenant_scope(twins.b):
        pooling_switch(enabled=True)
        author = make_account()
        advert = make_advert(author=author, stops=[Place(CESSON, "Mairie")])
        shared = advert_agree(advert=advert, account=author)
        rows = {Account: author.pk, Advert: advert.pk, Stop: advert.stops.get().pk}

        def told() -> dict[str, Any]:
            adverts_sync([advert.pk])
            return dict(OutboxEvent.objects.get(subject=shared.pool_id).payload)

        usual, changes = told(), {}
        for model, field in columns(*rows):
            with transaction.atomic():
                row = model._base_manager.filter(pk=rows[model])
                value = row.values_list(field.attname, flat=True).get()
                row.update(**{field.attname: other(field, value)})
                said = told()
                transaction.set_rollback(True)
            if said != usual:
                changes[f"{model.__name__}.{field.attname}"] = said
        assert changes == {name: {"gone": True} for name in WITHDRAWS}
        assert SharedAdvert.objects.get().shared
