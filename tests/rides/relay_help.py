"""Members of two regions for tests: what one offers, the other asks for, and letters that cross."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regions.letters.models import Letter
from regions.letters.services import letters_receive
from regions.projection.projector import drain
from rides.adverts.models import Advert
from rides.bookings.models import Booking
from rides.bookings.services import booking_accept
from rides.pooling.services import advert_agree
from rides.relay.adverts import mirror_refresh
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.factories import make_account
from tests.rides.booking_help import ask
from tests.rides.situations import make_advert


def carry(*tenants: Tenant) -> None:
    """Let everything arrive that is on its way, answers included."""
    for _round in range(6):
        moved = sum(drain(tenant) for tenant in tenants)
        for tenant in tenants:
            with tenant_scope(tenant):
                moved += letters_receive()
                assert not Letter.objects.filter(attempts__gt=0).exists()
        if not moved:
            return
    raise AssertionError("letters go round in circles")


def offered(tenant: Tenant, **said: Any) -> tuple[Advert, UUID]:
    """An advert of Ludivine's that its partners hold, and how they name it."""
    with tenant_scope(tenant):
        author = make_account(first_name="Ludivine", last_name="Delattre", phone="+33612345678")
        advert = make_advert(author=author, **said)
        pool_id = advert_agree(advert=advert, account=author).pool_id
    drain(tenant)
    return advert, pool_id


def asked(pair: Twins, pool_id: UUID, *rides: Any, **said: Any) -> Booking:
    """Somebody of A asks for a ride of B's advert; the request has arrived, and its answer."""
    with tenant_scope(pair.a):
        asker = said.pop("asker", None) or make_account(
            first_name="Nolwenn", last_name="Tanguy", phone="+33698765432"
        )
        booking = ask(mirror_refresh(pool_id), *rides, asker=asker, **said)
    carry(*pair)
    return booking


def here(pair: Twins, booking: Booking) -> Booking:
    """The booking as the asker's region shows it."""
    with tenant_scope(pair.a):
        return Booking.objects.select_related("advert", "driver", "passenger").get(pk=booking.pk)


def there(pair: Twins, booking: Booking) -> Booking:
    """The same as the advert's region holds it."""
    with tenant_scope(pair.b):
        rows = Booking.objects.select_related("advert", "driver", "passenger")
        return rows.get(public_id=booking.public_id)


def accept(pair: Twins, booking: Booking) -> None:
    with tenant_scope(pair.b):
        mine = Booking.objects.get(public_id=booking.public_id)
        booking_accept(booking=mine, account=mine.advert.author)
    carry(*pair)
