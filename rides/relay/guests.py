"""People of partner regions: made from an alias, named once both agreed, forgotten when they go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.accounts.models import Account
from rides.bookings.models import Booking
from rides.conversations.models import Message, Thread
from rides.relay.errors import ForgedLetterError
from rides.relay.models import Guest

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


def guest_name(guest: Guest, *, first_name: str, initial: str, phone: str) -> None:
    """Note who somebody is, once both have agreed."""
    account = guest.account
    account.first_name = first_name.strip()[:80]
    account.last_name = initial.strip()[:1]
    account.phone = phone if re.fullmatch(r"(\+[1-9][0-9]{6,14})?", phone) else ""
    account.save(update_fields=["first_name", "last_name", "phone"])


def guest_forget(guest: Guest) -> None:
    """Forget who somebody was, and what they wrote: they have left their region."""
    guest_name(guest, first_name="", initial="", phone="")
    Message.objects.filter(sender=guest.account, event__isnull=True).delete()
    guest.left_at = timezone.now()
    guest.save(update_fields=["left_at"])


def aliases_of(accounts: Iterable[int]) -> set[str]:
    """Return the aliases of those of these accounts (keys) that are guests."""
    keys = list(accounts)
    if not keys:
        return set()
    return set(Guest.objects.filter(pk__in=keys).values_list("alias", flat=True))
