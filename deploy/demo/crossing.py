"""What two members of the demo’s regions share: a ride that was accepted, and one asked for.

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


def _ask(here: Tenant, there: Tenant, ends: tuple[str, str], words: str) -> Booking | None:
    """The member of a region asks for the next ride of another's advert between two towns."""
    with tenant_scope(there):
        shared = SharedAdvert.objects.filter(
            shared=True, advert__origin_code=ends[0], advert__destination_code=ends[1]
        ).first()
    if shared is None:
        return None
    with tenant_scope(here), transaction.atomic():
        member = Account.objects.get(email=cast.account(here.slug, cast.MEMBER).email)
        advert = mirror_refresh(shared.pool_id)
        coming = next_occurrences(advert, timezone.now(), count=1)
        if not coming:
            return None
        key = RideKey(coming[0].day, coming[0].backwards, coming[0].usual)
        request = Request(wanted=Wanted(rides=[key]), message=words)
        return booking_request(asker=member, advert=advert, request=request)


def _carry(*tenants: Tenant) -> None:
    for _round in range(ROUNDS):
        for tenant in tenants:
            region_project(tenant)
        for tenant in tenants:
            with tenant_scope(tenant):
                letters_receive()
