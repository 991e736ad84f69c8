"""People of partner regions: made from an alias, named once both agreed, forgotten when they go."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from core.accounts.models import Account
from rides.bookings.models import Booking
from rides.conversations.models import Thread
from rides.relay.errors import ForgedLetterError
from rides.relay.models import Guest, RelayedBooking

_ALIAS: Final = re.compile(r"[0-9a-f]{12}")


def guest_get(*, region: int, name: str, alias: str) -> Guest:
    """Return the guest of an alias of a region (``name`` is how it is called), made if need be."""
    if not _ALIAS.fullmatch(alias):
        raise ForgedLetterError("alias")
    found = _find(region, alias)
    if found is None:
        try:
            with transaction.atomic():
                found = _make(region, name, alias)
        except IntegrityError:  # another letter of the same person, at the same moment
            found = _find(region, alias)
            if found is None:
                raise
    if found.left_at is not None:  # the regions have agreed anew: known again, to be forgotten anew
        found.left_at = None
        found.save(update_fields=["left_at"])
    if name and found.account.guest_from != name:
        found.account.guest_from = name
        found.account.save(update_fields=["guest_from"])
    return found


def _find(region: int, alias: str) -> Guest | None:
    rows = Guest.objects.select_related("account")
    return rows.filter(region=region, alias=alias).first()


def _make(region: int, name: str, alias: str) -> Guest:
    # An address is asked of every account; this one is nobody's, for ever (RFC 2606).
    account = Account(
        email=f"{alias}.{region}@guest.invalid", guest_from=name or "?", is_active=False
    )
    account.set_unusable_password()
    account.save()
    return Guest.objects.create(account=account, region=region, alias=alias)


def guest_in(thread: Thread) -> Guest | None:
    """Return the guest of a conversation; None when both are of this region."""
    for account in (thread.author, thread.other):
        if account.guest_from:
            return Guest.objects.select_related("account").get(pk=account.pk)
    return None


def guest_of_booking(booking: Booking) -> Guest | None:
    """Return the guest of a booking; None when both are of this region."""
    for account in (booking.driver, booking.passenger):
        if account.guest_from:
            return Guest.objects.select_related("account").get(pk=account.pk)
    return None


def member_of(booking: Booking) -> Account:
    """Return the one of the two who is a member here."""
    return booking.passenger if booking.driver.guest_from else booking.driver


def guest_name(guest: Guest, booking: Booking, told: Mapping[str, Any]) -> None:
    """Note who somebody is, as their region tells it to the other of a booking once both agreed."""
    account, phone = guest.account, str(told.get("phone", ""))
    account.first_name = str(told.get("first_name", "")).strip()[:80]
    account.last_name = str(told.get("initial", "")).strip()[:1]
    account.phone = phone if re.fullmatch(r"(\+[1-9][0-9]{6,14})?", phone) else ""
    account.save(update_fields=["first_name", "last_name", "phone"])
    RelayedBooking.objects.filter(booking=booking).update(named=True)


@transaction.atomic
def guests_follow(within: Collection[int]) -> int:
    """Show the names of guests whose regions (keys) share rides with ours now, and no others.

    A name that is not shown is kept: a suspended agreement loses nothing. Returns how many changed.
    """
    named = ~Q(account__first_name="", account__last_name="", account__phone="")
    kept = ~Q(kept_first_name="", kept_initial="", kept_phone="")
    rows = Guest.objects.select_for_update(of=("self",)).select_related("account").order_by("pk")
    hide = list(rows.filter(named).exclude(region__in=within))
    show = list(rows.filter(kept, region__in=within))
    for guest in hide:
        account = guest.account
        guest.kept_first_name, guest.kept_initial = account.first_name, account.last_name
        guest.kept_phone = account.phone
        account.first_name = account.last_name = account.phone = ""
    for guest in show:
        account = guest.account
        account.first_name, account.last_name = guest.kept_first_name, guest.kept_initial
        account.phone = guest.kept_phone
        guest.kept_first_name = guest.kept_initial = guest.kept_phone = ""
    for guest in (*hide, *show):
        guest.save(update_fields=["kept_first_name", "kept_initial", "kept_phone"])
        guest.account.save(update_fields=["first_name", "last_name", "phone"])
    return len(hide) + len(show)


def acquainted(account: Account) -> set[int]:
    """Keys of the guests who told a member their name, once both had agreed."""
    rows = Booking.objects.filter(relay__named=True)
    pairs = rows.filter(Q(driver=account) | Q(passenger=account))
    return {key for pair in pairs.values_list("driver", "passenger") for key in pair} - {account.pk}


def aliases_of(accounts: Iterable[int]) -> set[str]:
    """Return the aliases of those of these accounts (keys) that are guests."""
    keys = list(accounts)
    if not keys:
        return set()
    return set(Guest.objects.filter(pk__in=keys).values_list("alias", flat=True))
