"""What is forgotten of people of a partner region once nothing binds the two regions any more.

What stays is one's own: that a ride took place, when and from where to where, what one wrote. What
goes is the other person's: name, telephone, exact places, words, and the alias by which anybody
could say who it was.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core.accounts.models import Account
from regions.agreements.models import Pooled
from regions.agreements.queries import parted
from regions.agreements.receipts import receipt_write, receipts_due
from regions.letters.services import letters_forget
from regions.pool.queries import pool_some
from rides.adverts.models import Advert
from rides.bookings.models import Booking, BookingEvent
from rides.conversations.models import Block, Message, Report, Thread
from rides.journeys.models import Journey
from rides.relay.models import Guest
from tenants.context import current_tenant, platform_scope

KEPT_FOR: Final = dt.timedelta(hours=22)
"""After an agreement's end: rides that leave before then take place, then people are forgotten.
Less than the day that regions promise, for a clock that is late."""

_ENDINGS: Final = (Booking.Ending.REFUSED, Booking.Ending.WITHDRAWN, Booking.Ending.CANCELLED)
_KINDS: Final = (
    *(BookingEvent.Kind.REFUSED, BookingEvent.Kind.WITHDRAWN),
    *(BookingEvent.Kind.CANCELLED,),
)
_OF_GUESTS: Final = ~Q(blocker__guest_from="") | ~Q(blocked__guest_from="")


class Forgotten(NamedTuple):
    """How much was forgotten."""

    people: int = 0
    messages: int = 0

    def plus(self, other: Forgotten) -> Forgotten:
        """Both together."""
        return Forgotten(self.people + other.people, self.messages + other.messages)


@transaction.atomic
def region_forget(*, now: dt.datetime | None = None) -> int:
    """Forget the people of regions with which all agreements are over; return how many.

    Each ended agreement gets a receipt: how many people of its other parties were forgotten, 0
    where another agreement still brings them here.
    """
    now = now or timezone.now()
    region = current_tenant()
    over = {one for one, at in parted(Pooled.ADVERTS).items() if at <= now - KEPT_FOR}
    removed = {one: _strangers_forget(one) for one in sorted(over)}
    with platform_scope(reason="receipts of what a region has forgotten"):
        due = receipts_due(region, Pooled.ADVERTS, "people", before=now - KEPT_FOR)
        for agreement in due.prefetch_related("parties"):
            total = Forgotten()
            for party in agreement.parties.all():
                total = total.plus(removed.get(party.tenant_id, Forgotten()))
            receipt_write(agreement, region, total._asdict())
    return sum(one.people for one in removed.values())


def _strangers_forget(region: int) -> Forgotten:
    """Forget all guests of a region, and what it wrote that nobody has read."""
    letters_forget(sender=region)  # first: one that is being read is waited for
    rows = Guest.objects.select_for_update(of=("self",)).filter(region=region, left_at__isnull=True)
    return people_forget(list(rows.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def people_forget(keys: Collection[int], *, because: str = "") -> Forgotten:
    """Make guests (keys of accounts) nobody; return how many, and how many messages went.

    ``because`` stands from now on where they had said why they ended a booking.
    """
    if not keys:
        return Forgotten()
    _reports_forget(keys)
    guests = Account.everybody.filter(pk__in=keys)
    guests.update(first_name="", last_name="", phone="")
    Guest.objects.filter(pk__in=keys).update(
        left_at=timezone.now(), kept_first_name="", kept_initial="", kept_phone=""
    )
    written = Message.objects.filter(sender__in=keys)
    said = written.filter(event__isnull=True).count()
    written.filter(event__isnull=True).delete()
    written.update(body="")
    _bookings_forget(keys, because)
    Journey.objects.filter(driver__in=keys).update(driver_thanks="")
    Journey.objects.filter(passenger__in=keys).update(passenger_thanks="")
    own = Q(author__in=keys) | Q(other__in=keys)
    Thread.objects.filter(own, messages__isnull=True).delete()
    _unnamed(keys)
    return Forgotten(people=len(keys), messages=said)


@transaction.atomic
def mirrors_forget() -> int:
    """Forget the adverts of partners that the pool tells no more and nobody here asked about.

    Somebody opened them and did nothing; their authors took them back, or have left. A block keeps
    those of whom it is about: by them the other region is told when it is lifted. Returns how many.
    """
    blocks = Block.objects.values_list("blocker_id", "blocked_id")
    kept = {key for pair in blocks.filter(_OF_GUESTS) for key in pair}
    idle = Advert.objects.filter(status=Advert.Status.PARTNER).exclude(author__in=kept)
    idle = idle.filter(bookings__isnull=True, threads__isnull=True)
    held = dict(idle.values_list("public_id", "pk"))
    for row in pool_some(list(held)):
        held.pop(row.advert, None)
    if not held:
        return 0
    rows = Advert.objects.select_for_update(skip_locked=True).filter(pk__in=held.values())
    locked = dict(rows.order_by("pk").values_list("pk", "author"))
    idle.filter(pk__in=locked).delete()  # nobody can begin to ask about them now
    for guest in Guest.objects.filter(pk__in=locked.values()).select_related("account"):
        if not _known(guest.account):
            guest.account.delete()
    return len(locked)


def _bookings_forget(keys: Collection[int], because: str) -> None:
    """Take words and exact places of these people out of bookings; the rides stay."""
    BookingEvent.objects.filter(actor__in=keys).update(text="")
    mine = Booking.objects.filter(Q(driver__in=keys) | Q(passenger__in=keys))
    asked = Q(asked_by_driver=True, driver__in=keys) | Q(asked_by_driver=False, passenger__in=keys)
    Booking.objects.filter(asked).update(message="")
    by_them = mine.filter(ending__in=_ENDINGS, events__kind__in=_KINDS, events__actor__in=keys)
    Booking.objects.filter(pk__in=by_them.values("pk")).update(reason=because)
    theirs = Booking.objects.filter(advert__author__in=keys)
    theirs.update(meeting="", meeting_label="")
    for end, name in (("origin", "pickup"), ("destination", "dropoff")):
        nowhere = {f"{name}_own_lat": None, f"{name}_own_lon": None}
        # The passenger's own; at an advert's own end, its author's (``bookings.access``).
        Booking.objects.filter(passenger__in=keys).update(**nowhere)
        at_its_end = {
            f"{name}_lat": F(f"advert__{end}_lat"),
            f"{name}_lon": F(f"advert__{end}_lon"),
        }
        Booking.objects.filter(pk__in=theirs.filter(**at_its_end).values("pk")).update(**nowhere)


def _reports_forget(keys: Collection[int]) -> None:
    """Reports stand, for the people in charge; the name before each line goes."""
    about = Report.objects.filter(Q(reported__in=keys) | Q(reporter__in=keys)).exclude(excerpt="")
    names = {}
    for guest in Guest.objects.select_related("account").filter(pk__in=keys):
        account = guest.account
        if not account.first_name:
            account.first_name, account.last_name = guest.kept_first_name, guest.kept_initial
        shown = account.short_name
        account.first_name = account.last_name = ""
        names[guest.pk] = (shown, account.display_name)
    for report in about:
        for key in (report.reported_id, report.reporter_id):
            if key in names and names[key][0]:
                report.excerpt = report.excerpt.replace(f"{names[key][0]}:", f"{names[key][1]}:")
        report.save(update_fields=["excerpt"])


def _unnamed(keys: Collection[int]) -> None:
    """Cut what links these people to who they were; whom nothing refers to is no longer there.

    One whom somebody here has blocked, or who has blocked somebody, keeps the alias: the block
    must hold if the two regions ever agree again.
    """
    blocks = Block.objects.filter(Q(blocker__in=keys) | Q(blocked__in=keys))
    kept = {key for pair in blocks.values_list("blocker_id", "blocked_id") for key in pair}
    mirrors = Advert.objects.filter(author__in=keys)
    mirrors.filter(bookings__isnull=True, threads__isnull=True).exclude(author__in=kept).delete()
    for mirror in mirrors.exclude(author__in=kept):
        mirror.public_id = uuid.uuid4()
        mirror.save(update_fields=["public_id"])
    for guest in Guest.objects.filter(pk__in=set(keys) - kept).select_related("account"):
        account = guest.account
        if not _known(account):
            account.delete()
            continue
        guest.alias = uuid.uuid4().hex[:12]
        guest.save(update_fields=["alias"])
        account.email = f"{guest.alias}.{guest.region}@guest.invalid"
        account.save(update_fields=["email"])


def _known(account: Account) -> bool:
    """Whether something of one of our own members refers to a guest."""
    either = Q(author=account) | Q(other=account)
    rode = Q(driver=account) | Q(passenger=account)
    return (
        Thread.objects.filter(either).exists()
        or Booking.objects.filter(rode).exists()
        or Journey.objects.filter(rode).exists()
        or Report.objects.filter(Q(reporter=account) | Q(reported=account)).exists()
        or Advert.objects.filter(author=account).exists()
    )
