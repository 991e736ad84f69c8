"""What other regions hold of a member beside adverts: what they wrote, and who they are.

For as long as people of that region are known here: those who left are forgotten there as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import ngettext

from core.accounts.models import Account
from core.shell import humanise
from rides.bookings.models import Booking
from rides.conversations.models import Thread
from rides.pooling.queries import Held
from rides.relay.models import Guest


def conversations(account: Account) -> list[Held]:
    """Conversations with people of each region, since the first."""
    rows = Thread.objects.filter(Q(author=account) | Q(other=account))
    met = [
        (other if author == account.pk else author, at)
        for author, other, at in rows.values_list("author", "other", "created_at")
    ]
    return [
        Held(
            region,
            name,
            ngettext(
                "What you wrote in %(count)d conversation with one of its members, since %(when)s. "
                "Like a letter, it stays with the person you wrote to.",
                "What you wrote in %(count)d conversations with its members, since %(when)s. "
                "Like letters, it stays with the people you wrote to.",
                count,
            )
            % {"count": count, "when": when},
        )
        for region, name, count, when in _by_region(met)
    ]


def bookings(account: Account) -> list[Held]:
    """Bookings that both had agreed to, since the first: each told who the other is."""
    rows = Booking.objects.filter(Q(driver=account) | Q(passenger=account))
    met = [
        (passenger if driver == account.pk else driver, at)
        for driver, passenger, at in rows.filter(answered_at__isnull=False).values_list(
            "driver", "passenger", "answered_at"
        )
        if at is not None
    ]
    return [
        Held(
            region,
            name,
            ngettext(
                "Your first name, the initial of your name and your telephone if you gave it, for "
                "%(count)d booking that was accepted on %(when)s: known to the person you share "
                "the ride with.",
                "Your first name, the initial of your name and your telephone if you gave it, for "
                "%(count)d bookings that were accepted, the first on %(when)s: known to the people "
                "you share the rides with.",
                count,
            )
            % {"count": count, "when": when},
        )
        for region, name, count, when in _by_region(met)
    ]


def _by_region(met: Iterable[tuple[int, dt.datetime]]) -> list[tuple[int, str, int, str]]:
    """(key, name, how many, the first day in words) of regions, from (account, at)."""
    met = list(met)
    guests = Guest.objects.filter(pk__in={one for one, _at in met}, left_at__isnull=True)
    known = {
        pk: (region, name)
        for pk, region, name in guests.values_list("pk", "region", "account__guest_from")
    }
    found: dict[int, tuple[str, list[dt.datetime]]] = {}
    for one, at in met:
        if one in known:
            region, name = known[one]
            found.setdefault(region, (name, []))[1].append(at)
    return [
        (region, name, len(times), humanise.full_date(min(times)))
        for region, (name, times) in sorted(found.items())
    ]
