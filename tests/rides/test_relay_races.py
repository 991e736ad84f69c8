"""The last seat, asked for at the same moment by people of three regions, on real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections, transaction

from regions.letters.services import letters_receive
from regions.projection.projector import drain
from rides.adverts.settings import RidesSettings
from rides.bookings.errors import FullError
from rides.bookings.models import Booking
from rides.pooling.models import pooling_switch
from rides.pooling.services import advert_agree
from rides.relay.adverts import mirror_refresh
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.factories import make_account
from tests.regions.agreement_help import agree
from tests.rides.booking_help import ask, ride
from tests.rides.situations import make_advert

ROUNDS = 5


def test_a_seat_is_sold_once_whatever_region_asks(
    committed_regions: Callable[..., Tenant],
) -> None:
    """One seat; one asks at home, two next door, all at once; letters are read by two readers."""
    home, west, north = (committed_regions(slug) for slug in ("chezelle", "ouest", "nord"))
    agree(home, west, north)
    with tenant_scope(home), transaction.atomic():
        pooling_switch(enabled=True)
        RidesSettings.objects.create(new_contacts_per_day=1000)
        adverts = [make_advert(seats=1) for _round in range(ROUNDS)]
        pools = [advert_agree(advert=one, account=one.author).pool_id for one in adverts]
        neighbour = make_account()
    drain(home)
    for tenant in (west, north):
        with tenant_scope(tenant), transaction.atomic():
            RidesSettings.objects.create(new_contacts_per_day=1000)
            asker = make_account()
            for pool_id in pools:
                ask(mirror_refresh(pool_id), ride(), asker=asker)
    start = threading.Barrier(4)

    def at_home() -> None:
        with tenant_scope(home):
            start.wait(30)
            for advert in adverts:
                try:
                    ask(advert, ride(), asker=neighbour)
                except FullError:
                    continue

    def next_door(tenant: Tenant) -> None:
        start.wait(30)
        drain(tenant)
        with tenant_scope(home):
            letters_receive()

    def reads() -> None:
        start.wait(30)
        with tenant_scope(home):
            for _turn in range(30):
                letters_receive()

    def closing(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            for connection in connections.all():
                connection.close()

    with ThreadPoolExecutor(4) as pool:
        works = [at_home, lambda: next_door(west), lambda: next_door(north), reads]
        for done in [pool.submit(closing, work) for work in works]:
            done.result(120)
    for tenant in (west, north):
        drain(tenant)
    with tenant_scope(home):
        letters_receive()
        held = Booking.objects.filter(status=Booking.Status.WAITING)
        assert sorted(held.values_list("advert", flat=True)) == sorted(one.pk for one in adverts)
    drain(home)
    granted = held_next_door = 0
    for tenant in (west, north):
        with tenant_scope(tenant):
            letters_receive()
            states = list(Booking.objects.values_list("status", "ending"))
            assert set(states) <= {("waiting_confirmation", ""), ("cancelled", "elsewhere")}
            granted += states.count(("waiting_confirmation", ""))
            held_next_door += len(states)
    assert held_next_door == 2 * ROUNDS, "each was answered, by a seat or a refusal"
    with tenant_scope(home):
        assert granted == held.exclude(passenger=neighbour).count()
