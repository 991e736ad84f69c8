"""What members of the demo’s regions share: a ride accepted, one asked for, a seat waited for.

Made by the services of each region and carried over as it would be, letter by letter.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from core.accounts.models import Account
from deploy.demo import cast
from regions.letters.services import letters_receive
from regions.projection.services import region_project
from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.adverts.occurrences import next_occurrences
from rides.bookings.inputs import Request, Wanted
from rides.bookings.models import Booking
from rides.bookings.services import booking_accept, booking_request
from rides.conversations.models import Notice, Thread
from rides.conversations.services import message_send
from rides.pooling.models import SharedAdvert
from rides.relay.adverts import mirror_refresh
from rides.relay.models import RelayedBooking
from tenants.context import tenant_scope
from tenants.models import Tenant

ROUNDS: Final = 4
"""There and back, twice: a request, its answer, and who people are."""
ASKS: Final = "Bonjour ! Je rentre voir mes parents à Lille vendredi. Auriez-vous une place ?"
ANSWERS: Final = "Avec plaisir. Je pars de la gare, côté sud : c’est une Zoé bleue."
FULL: Final = "Bonjour, nous rentrons tous ensemble dimanche : la voiture sera pleine !"
WAITS: Final = "Bonjour, s’il se libère une place dimanche, je suis preneuse."
WONDERS: Final = "Bonjour, je découvre la région. Passez-vous près de l’université ?"


def fill(tenants: dict[str, Tenant]) -> None:
    """Let them meet; nothing when a region is missing, or when they already have."""
    west, north = tenants.get("ouestgo"), tenants.get("passpass")
    if west is None or north is None:
        return
    with tenant_scope(west):
        if RelayedBooking.objects.exists():
            return
    going = _ask(west, north, ("35238", "59350"), ASKS)
    _ask(north, west, ("59350", "59512"), WONDERS)
    _fill_up(north, ("59350", "35238"))
    _ask(west, north, ("59350", "35238"), WAITS, waits=True)
    _carry(west, north)
    if going is not None:
        with tenant_scope(north), transaction.atomic():
            booking = Booking.objects.get(public_id=going.public_id)
            author = booking.advert.author
            booking_accept(booking=booking, account=author)
            thread = Thread.objects.get(advert=booking.advert, other=booking.passenger)
            message_send(thread=thread, sender=author, body=ANSWERS)
    _carry(west, north)
    for tenant in (west, north):
        with tenant_scope(tenant), transaction.atomic():
            Notice.objects.update(sent_at=timezone.now())


def _shared(region: Tenant, ends: tuple[str, str]) -> SharedAdvert | None:
    """The advert of a region between two towns that its partners may read."""
    with tenant_scope(region):
        rows = SharedAdvert.objects.select_related("advert__author").filter(
            shared=True, advert__origin_code=ends[0], advert__destination_code=ends[1]
        )
        return rows.first()


def _next(advert: Advert) -> RideKey | None:
    coming = next_occurrences(advert, timezone.now(), count=1)
    return RideKey(coming[0].day, coming[0].backwards, coming[0].usual) if coming else None


def _fill_up(region: Tenant, ends: tuple[str, str]) -> None:
    """A neighbour takes all seats of the next ride."""
    shared = _shared(region, ends)
    if shared is None:
        return
    with tenant_scope(region), transaction.atomic():
        advert = shared.advert
        printed = [one.email for one in cast.ACCOUNTS]
        neighbour = Account.objects.exclude(email__in=printed).exclude(pk=advert.author_id)
        key = _next(advert)
        asker = neighbour.filter(is_active=True).order_by("pk").first()
        if key is None or asker is None:
            return
        request = Request(wanted=Wanted(rides=[key]), seats=advert.seats, message=FULL)
        booking = booking_request(asker=asker, advert=advert, request=request)
        booking_accept(booking=booking, account=advert.author)


def _ask(
    here: Tenant, there: Tenant, ends: tuple[str, str], words: str, *, waits: bool = False
) -> Booking | None:
    """The member of a region asks for the next ride of another's advert between two towns."""
    shared = _shared(there, ends)
    if shared is None:
        return None
    with tenant_scope(here), transaction.atomic():
        member = Account.objects.get(email=cast.account(here.slug, cast.MEMBER).email)
        advert = mirror_refresh(shared.pool_id)
        key = _next(advert)
        if key is None:
            return None
        request = Request(wanted=Wanted(rides=[key]), message=words, waiting_list=waits)
        return booking_request(asker=member, advert=advert, request=request)


def _carry(*tenants: Tenant) -> None:
    for _round in range(ROUNDS):
        for tenant in tenants:
            region_project(tenant)
        for tenant in tenants:
            with tenant_scope(tenant):
                letters_receive()
