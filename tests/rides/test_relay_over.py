"""What two regions keep of each other's people: no name while suspended, nobody once over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.accounts.models import Account
from regions.agreements.models import Act, Agreement
from regions.agreements.services import agreement_end, agreement_resume, agreement_suspend
from rides.bookings.dates import all_rides
from rides.bookings.models import Booking
from rides.conversations.lines import lines_of
from rides.conversations.models import Block, Message, Notice, Report, Thread
from rides.conversations.services import account_block, message_send, report_create
from rides.journeys.models import Journey
from rides.journeys.services import journeys_close
from rides.pooling.models import pooling_switch
from rides.relay.endings import region_reconcile
from rides.relay.forgetting import KEPT_FOR, region_forget
from rides.relay.guests import guest_get
from rides.relay.models import Guest
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.regions.agreement_help import administrator, agree
from tests.rides.booking_help import ride
from tests.rides.relay_help import accept, asked, carry, here, offered, there
from tests.rides.situations import MONDAY

LATER = MONDAY + timedelta(days=7)
DAY = timedelta(days=1)


def test_a_suspended_agreement_shows_no_name_and_loses_nothing(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    advert, pool_id = offered(pair.b)
    booking = asked(pair, pool_id, ride(LATER))
    accept(pair, booking)
    with platform_scope(reason="a test looks"):
        made = Agreement.objects.get(parties__tenant=pair.b)
    client, driver = client_for(pair.a, booking.passenger), client_for(pair.b, advert.author)
    address = f"/reservations/{booking.public_id}/"
    boss = administrator(pair.b)
    for name, telephone, reader in (
        ("Ludivine", "+33612345678", client),
        ("Nolwenn", "+33698765432", driver),
    ):
        with tenant_scope(pair.b):
            agreement_suspend(agreement=made, actor=boss)
        _turn(*pair)
        page = reader.get(address).content.decode()
        assert name not in page and telephone not in page and "Réservation confirmée" in page
        assert "Les noms et les téléphones ne s’affichent pas" in page
        assert name not in reader.get("/messages/").content.decode()
        thread = reader.get(f"/messages/{_thread(pair.a)}/").content.decode()
        assert "n’échangent plus de trajets" in thread and "Envoyer ce message" not in thread
        with tenant_scope(pair.b):
            agreement_resume(agreement=made, actor=boss)
        _turn(*pair)
        page = reader.get(address).content.decode()
        assert name in page and telephone in page


def _thread(tenant: Tenant) -> UUID:
    with tenant_scope(tenant):
        return Thread.objects.get().public_id


def _turn(*tenants: Tenant) -> None:
    """What the clock does each minute."""
    for tenant in tenants:
        with tenant_scope(tenant):
            region_reconcile()
    carry(*tenants)


def test_rides_of_the_next_hours_stand_and_later_ones_are_cancelled_at_once(pair: Twins) -> None:
    advert, pool_id = offered(pair.b)
    booking = asked(pair, pool_id, ride(LATER), ride(LATER + DAY), ride(LATER + DAY, back=True))
    accept(pair, booking)
    with tenant_scope(pair.a):
        first, second = all_rides(here(pair, booking))[:2]
    with platform_scope(reason="a test looks"):
        made = Agreement.objects.get(parties__tenant=pair.b)
    with tenant_scope(pair.b):
        agreement_end(agreement=made, actor=administrator(pair.b))
    for moment, expected, left in (
        (second.departs_at, "confirmed", 2),  # the ride of the second morning leaves in time
        (first.departs_at - DAY, "cancelled", 0),
    ):
        with platform_scope(reason="as if it had ended at another moment"):
            Agreement.objects.filter(pk=made.pk).update(ended_at=moment - KEPT_FOR)
        for tenant, reader in ((pair.a, booking.passenger), (pair.b, advert.author)):
            with tenant_scope(tenant):
                Notice.objects.all().delete()
                assert region_reconcile() == 1
                assert region_reconcile() == 0
                assert Notice.objects.filter(account=reader, kind="booking").count() == 1
        carry(*pair)
        for held in (here(pair, booking), there(pair, booking)):
            assert held.status == expected
            assert "Les deux régions n’échangent plus de trajets" in held.reason or left
        with tenant_scope(pair.a):
            if left:
                assert [one.cancelled for one in all_rides(here(pair, booking))] == [
                    *(False, False),
                    True,
                ]


def test_an_ended_agreement_leaves_nobody_s_name_and_a_third_region_s_people_stay(
    committed_regions: Callable[..., Tenant],
) -> None:
    """Rides that were made, own words and reports stay; names, places, words of others go."""
    west, north, south = (committed_regions(slug) for slug in ("ouest", "nord", "sud"))
    pair, other = Twins(west, north), Twins(west, south)
    made = agree(west, north)
    agree(west, south)
    for tenant in (west, north, south):
        with tenant_scope(tenant), transaction.atomic():
            pooling_switch(enabled=True)
    advert, pool_id = offered(north)
    _southern, pool_south = offered(south)
    done, waits = asked(pair, pool_id, ride(LATER)), asked(pair, pool_id, ride(LATER))
    kept = asked(other, pool_south, ride(LATER))
    accept(pair, done)
    accept(other, kept)
    with tenant_scope(west), transaction.atomic():
        nolwenn = Account.objects.get(pk=done.passenger_id)
        thread = Thread.objects.get(other=nolwenn)
        message_send(thread=thread, sender=nolwenn, body="Merci !")
        account_block(blocker=waits.passenger, blocked=waits.driver)
    with tenant_scope(north), transaction.atomic():
        theirs = Thread.objects.get(public_id=thread.public_id)
        message_send(thread=theirs, sender=advert.author, body="Ludivine, 12 rue du Port")
    carry(*pair)
    with tenant_scope(west), transaction.atomic():
        report_create(thread=thread, reporter=nolwenn, reason="other")
    for tenant in pair:  # as if that ride had been made
        with tenant_scope(tenant), transaction.atomic():
            journeys_close(now=timezone.now() + timedelta(days=16))
    with tenant_scope(north), transaction.atomic():
        agreement_end(agreement=made, actor=administrator(north))
    boss = administrator(west)
    for tenant in (west, north, south):
        with tenant_scope(tenant):
            assert region_forget() == 0, "rides of the next hours first"
            region_forget(now=timezone.now() + DAY)
            assert region_forget(now=timezone.now() + DAY) == 0, "once"

    with tenant_scope(west):
        (journey,) = Journey.objects.filter(passenger=nolwenn)
        assert journey.origin_label == "Rennes (35)"
        assert [one.text for one in lines_of(thread, nolwenn) if not one.event] == ["Merci !"]
        (report,) = Report.objects.all()
        assert "Membre de Nord" in report.excerpt or "nord" in report.excerpt.lower()
        assert Block.objects.count() == 1, "it holds if they ever agree again"
        named = Account.everybody.exclude(guest_from="").exclude(first_name="")
        assert [one.short_name for one in named] == ["Ludivine D."], "the third region’s"
        blocked = Guest.objects.get(pk=waits.driver_id)
        again = guest_get(region=north.pk, name="Nord", alias=blocked.alias)
        assert (again.pk, again.left_at) == (blocked.pk, None), "known again, if they agree anew"
        assert Booking.objects.get(pk=kept.pk).status == Booking.Status.COMPLETED
        assert Booking.objects.get(pk=waits.pk).status == Booking.Status.CANCELLED
    with tenant_scope(north):
        assert not Account.everybody.exclude(guest_from="").exclude(first_name="").exists()
        assert not Message.objects.filter(body="Merci !").exists()
        assert Journey.objects.count() == 1
    pages = [f"/reservations/{done.public_id}/", f"/messages/{thread.public_id}/", "/mes-trajets/"]
    client = _client(west, nolwenn)
    for page in pages:
        words = client.get(page).content.decode()
        assert "Ludivine" not in words and "+33612345678" not in words, page
    receipt = _client(west, boss).get(f"/administration/conventions/{made.public_id}/")
    words = receipt.content.decode()
    assert "personne des autres régions oubliée ici" in words
    with platform_scope(reason="a test looks"):
        told = Act.objects.filter(what=Act.What.PURGED, content__has_key="people")
        counts = {one.tenant_id: one.content for one in told}
    assert counts == {
        west.pk: {"people": 1, "messages": 1},
        north.pk: {"people": 2, "messages": 1},
    }


def _client(tenant: Tenant, account: Account) -> StrictClient:
    client = StrictClient(f"{tenant.slug}.localhost")
    with tenant_scope(tenant):
        client.force_login(account)
    return client
