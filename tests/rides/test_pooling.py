"""Adverts across regions: who agrees, what crosses, what never does, and how it is taken back."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from core.accounts import inventory
from core.accounts.models import Account
from regions.outbox.models import OutboxEvent, OutboxSubject
from regions.pool.models import PooledAdvert
from regions.pool.queries import pool_get
from regions.projection.projector import drain
from regions.territories.queries import municipalities_get
from rides.adverts.models import Advert
from rides.adverts.services import advert_delete, advert_pause, advert_resume
from rides.bookings.services import booking_cancel
from rides.pooling.models import SharedAdvert, pooling_switch
from rides.pooling.services import (
    PoolingError,
    advert_agree,
    advert_take_back,
    refuse_all,
    region_sync,
)
from rides.search.queries import search_adverts
from rides.search.rules import search_query
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account, make_community
from tests.regions.agreement_help import administrator, agree
from tests.rides.booking_help import agreed, ride
from tests.rides.situations import NANTES, RENNES, VITRE, make_advert, weekly
from tests.rides.test_wizard import PUBLISH, publish, walk

SEARCH = "/recherche/?origin=Rennes&origin_code=35238&destination=Vitr%C3%A9&destination_code=35360"
REGULAR = f"{SEARCH}&regular=on&weekdays=1&time=07:40"


def offered(tenant: Tenant, **said: Any) -> Advert:
    """An advert whose author has said yes."""
    with tenant_scope(tenant):
        advert = make_advert(**said)
        advert_agree(advert=advert, account=advert.author)
    drain(tenant)
    return advert


def held() -> int:
    with platform_scope(reason="a test counts"):
        return PooledAdvert.objects.count()


def listed(client_for: Callable[..., StrictClient], tenant: Tenant, address: str = REGULAR) -> str:
    page = client_for(tenant).get(address)
    assert page.status_code == 200
    return page.content.decode()


def test_a_ride_is_found_next_door_without_its_authors_name_until_it_is_taken_back(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    with tenant_scope(pair.b):
        author = make_account(first_name="Ludivine", last_name="Delattre")
        advert = make_advert(author=author, comment="Je passe au 06 12 34 56 78.")
    driver = client_for(pair.b, author)
    asked = driver.get(f"/annonces/{advert.public_id}/").content.decode()
    assert "Proposer aussi ce trajet sur Alpha" in asked
    mine = "/compte/ou-circulent-mes-donnees/"
    assert driver.post(f"{mine}{advert.public_id}/partager/").status_code == 302
    drain(pair.b)
    page = listed(client_for, pair.a)
    assert "Via Beta" in page and "1 trajet" in page
    assert "Membre de Beta" in page and "Ludivine" not in page
    assert str(advert.public_id) not in page, "its page, which names its author, is not to be found"
    with platform_scope(reason="a test looks"):
        pooled = PooledAdvert.objects.get()
    own = client_for(pair.a).get(f"/recherche/via/{pooled.advert}/")
    assert own.status_code == 200 and "Ludivine" not in own.content.decode()
    assert client_for(pair.b).get(f"/recherche/via/{pooled.advert}/").status_code == 404
    circulates = driver.get(mine).content.decode()
    assert "Détenu par Alpha depuis le" in circulates
    driver.post(f"{mine}{advert.public_id}/retirer/", {"next": "mine"})
    drain(pair.b)
    assert held() == 0
    assert "Via Beta" not in listed(client_for, pair.a)
    assert "Ludivine" in listed(client_for, pair.b), "it stays online at home"


def test_who_publishes_is_asked_and_nothing_is_ticked_for_them(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    with tenant_scope(pair.a):
        yes, no = make_account(), make_account()
    for author, answer in ((yes, {"pool": "yes"}), (no, {})):
        client = client_for(pair.a, author)
        walk(client)
        page = client.get(f"{PUBLISH}recapitulatif/").content.decode()
        assert "Proposer aussi ce trajet sur Beta" in page
        box = re.search(r'<input[^>]*name="pool"[^>]*>', page)
        assert box and "checked" not in box[0]
        publish(client, **answer)
    drain(pair.a)
    with tenant_scope(pair.a):
        assert SharedAdvert.objects.get(shared=True).advert.author == yes
    assert held() == 1
    client = client_for(pair.a, no)
    client.post("/compte/ou-circulent-mes-donnees/refuser/")
    walk(client)
    page = client.get(f"{PUBLISH}recapitulatif/").content.decode()
    assert "Proposer aussi" not in page, "who said no for all is asked no more"
    mine = "/compte/ou-circulent-mes-donnees/"
    assert f'action="{mine}redemander/"' in client.get(mine).content.decode()
    client.post(f"{mine}redemander/")
    assert f'href="{mine}refuser/"' in client.get(mine).content.decode()
    walk(client)
    page = client.get(f"{PUBLISH}recapitulatif/").content.decode()
    assert "Proposer aussi" in page, "until they want to be asked again"


def test_nothing_personal_is_in_what_leaves(pair: Twins) -> None:
    with tenant_scope(pair.a):
        author = make_account(
            first_name="Ludivine",
            last_name="Delattre",
            email="ludivine@example.org",
            phone="+33612345678",
        )
        advert = make_advert(
            author=author,
            origin=RENNES,
            comment="Devant le 12 rue des Lices",
        )
        Advert.objects.filter(pk=advert.pk).update(
            origin_own_lat=48.11223344, origin_own_lon=-1.68112233
        )
        advert_agree(advert=advert, account=author)
        told = json.dumps(OutboxEvent.objects.get().payload)
        words = json.dumps(inventory.export(author)["account"])
        for secret in (
            *("Ludivine", "Delattre", "ludivine", "example.org", "612345678", "Lices"),
            *("48.11223344", "-1.68112233", str(advert.public_id), str(author.public_id)),
        ):
            assert secret not in told
        assert "Ludivine" in words, "what is looked for is what the export calls by its name"
    assert {"alias", "keys", "line", "seats"} < set(json.loads(told))


@pytest.mark.parametrize(
    "hide",
    [
        lambda advert: advert_pause(advert=advert),
        lambda advert: advert_delete(advert=advert),
        lambda advert: pooling_switch(enabled=False),
        lambda advert: Account.objects.filter(pk=advert.author_id).update(is_active=False),
        lambda advert: Advert.objects.filter(pk=advert.pk).update(same_gender=True),
        lambda advert: _published_in(advert, adverts_hidden=True),
        lambda advert: _published_in(advert, members_hidden=True),
        lambda advert: _published_in(advert, adverts_leave=False),
        lambda advert: advert_take_back(advert=advert),
        lambda advert: refuse_all(account=advert.author),
        lambda advert: inventory.remove(advert.author),
    ],
    ids=[
        *("paused", "deleted", "region", "suspended", "title", "hidden adverts"),
        *("hidden members", "kept at home", "taken back", "refused", "account deleted"),
    ],
)
def test_what_is_hidden_here_is_gone_there(pair: Twins, hide: Callable[[Advert], Any]) -> None:
    advert = offered(pair.a)
    assert held() == 1
    with tenant_scope(pair.a), transaction.atomic():
        hide(advert)
        region_sync()  # the clock, for what no act tells
    drain(pair.a)
    assert held() == 0


def _published_in(advert: Advert, **flags: bool) -> None:
    community = make_community(advert.author)
    for name, value in flags.items():
        setattr(community, name, value)
    community.save()
    advert.publications.create(community=community)


def test_nothing_leaves_before_all_three_agree(twins: Twins, _database: None) -> None:
    with tenant_scope(twins.a):
        advert = make_advert()
        for step in (lambda: None, lambda: pooling_switch(enabled=True)):
            step()
            with pytest.raises(PoolingError, match="proposée"):
                advert_agree(advert=advert, account=advert.author)
    agree(*twins)
    with tenant_scope(twins.a):
        make_advert()
        advert_agree(advert=advert, account=advert.author)
        assert OutboxEvent.objects.count() == 1, "the other one was never offered"


def test_partners_follow_seats_and_pauses(pair: Twins) -> None:
    """What they see is the fewest seats left on a ride of the next weeks; none: nothing."""
    advert = offered(pair.a, seats=2)

    def seats() -> list[int]:
        drain(pair.a)
        with platform_scope(reason="a test looks"):
            return list(PooledAdvert.objects.values_list("seats", flat=True))

    with tenant_scope(pair.a):
        booking = agreed(advert, ride(), seats=1)
    assert seats() == [1]
    with tenant_scope(pair.a):
        booking_cancel(booking=booking, account=Account.objects.get(pk=booking.asker_id))
    assert seats() == [2]
    with tenant_scope(pair.a):
        advert_pause(advert=advert)
    assert seats() == []
    with tenant_scope(pair.a):
        advert_resume(advert=advert)
    assert seats() == [2]


def test_the_rank_is_that_of_the_regions_own_rides(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    """The same adverts, all at home or half next door, come in the same order of costs."""
    times = [time(7, 10), time(7, 55), time(7, 40), time(8, 20)]
    places = [(RENNES, VITRE), (NANTES, VITRE), (RENNES, VITRE), (RENNES, VITRE)]
    with tenant_scope(pair.a):
        for at, (origin, destination) in zip(times, places, strict=True):
            make_advert(origin, destination, planning=weekly(0, at=at, back=None))
        ends = municipalities_get([RENNES, VITRE])
        query = search_query(
            origin=ends[RENNES],
            destination=ends[VITRE],
            regular=True,
            weekdays=[0],
            at=time(7, 40),
        )
        alone = [
            (ride.match.cost, ride.match.at, round(ride.passage.detour_seconds))
            for ride in search_adverts(query).rides
        ]
        Advert.objects.all().delete()
        for at, (origin, destination) in list(zip(times, places, strict=True))[:2]:
            make_advert(origin, destination, planning=weekly(0, at=at, back=None))
    for at, (origin, destination) in list(zip(times, places, strict=True))[2:]:
        offered(
            pair.b, origin=origin, destination=destination, planning=weekly(0, at=at, back=None)
        )
    with tenant_scope(pair.a):
        found = search_adverts(query, partners=True).rides
        assert sorted(
            (ride.match.cost, ride.match.at, round(ride.passage.detour_seconds)) for ride in found
        ) == sorted(alone)
        assert [ride.match.cost for ride in found] == [cost for cost, _at, _detour in alone]
        assert {bool(ride.partner) for ride in found} == {True, False}


def test_rebuilding_gives_the_same_rows(pair: Twins) -> None:
    for number in range(3):
        offered(pair.a, seats=number + 1)

    def checksum() -> str:
        with platform_scope(reason="a test compares"):
            rows = PooledAdvert.objects.order_by("advert").values_list(
                *(
                    field.attname
                    for field in PooledAdvert._meta.concrete_fields
                    if field.name not in ("id", "since", "updated_at")
                )
            )
            return hashlib.sha256(repr(list(rows)).encode()).hexdigest()

    before = checksum()
    with platform_scope(reason="rows are lost, one is a stranger"):
        stranger, lost = PooledAdvert.objects.order_by("pk")[:2]
        lost.delete()
        PooledAdvert.objects.filter(pk=stranger.pk).update(seats=8)
        stranger.pk, stranger.advert = None, "00000000-0000-4000-8000-000000000000"
        stranger.save(force_insert=True)
    assert checksum() != before
    with tenant_scope(pair.a):  # as after a restore: the numbers of events start again
        OutboxSubject.objects.all().delete()
    call_command("rebuild_pool", stdout=io.StringIO())
    assert checksum() == before


def test_the_region_turns_its_switch(twins: Twins, client_for: Callable[..., StrictClient]) -> None:
    agree(*twins)
    client = client_for(twins.a, administrator(twins.a))
    address = "/administration/mutualisation/"
    assert "Beta" in client.get(address).content.decode()
    assert client.post(address, {"enabled": "on"}).status_code == 302
    advert = offered(twins.a)
    assert held() == 1
    assert client.post(address, {}).status_code == 302
    with tenant_scope(twins.a):
        region_sync()
    drain(twins.a)
    assert held() == 0
    with tenant_scope(twins.a):
        assert SharedAdvert.objects.get(advert=advert).withdrawn_at is None, "their yes is kept"


def test_a_member_takes_everything_back_from_one_region_alone(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    advert = offered(pair.a)
    driver = client_for(pair.a, advert.author)
    mine = "/compte/ou-circulent-mes-donnees/"
    assert "Détient 1 de vos trajets" in driver.get(mine).content.decode()
    assert driver.post(f"{mine}regions/{pair.b.slug}/retirer/").status_code == 302
    drain(pair.a)
    with platform_scope(reason="a test looks"):
        pooled = PooledAdvert.objects.get()
    assert pooled.withheld == [pair.b.pk], "others would read it still"
    with tenant_scope(pair.b):
        assert pool_get(pooled.advert) is None
    assert "Via" not in listed(client_for, pair.b), "nor is it found"
    page = driver.get(mine).content.decode()
    assert "Vous ne montrez aucun de vos trajets à cette région" in page
    assert "Détenu par Beta" not in page
    assert driver.post(f"{mine}regions/{pair.b.slug}/autoriser/").status_code == 302
    drain(pair.a)
    with tenant_scope(pair.b):
        assert pool_get(pooled.advert) is not None
