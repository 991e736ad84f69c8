"""Adverts as cards: words and numbers ready to be shown, the same on every page.

Adverts must come from ``queries.for_cards``: nothing here reads the database but ``Trust.of``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.communities.queries import CommunityBadge, community_badges
from core.accounts.access import is_member
from core.shell import humanise
from core.shell.cards import Badge, PersonLine, TripCard
from rides.adverts.models import Advert
from rides.adverts.prices import advert_price
from rides.adverts.routes import way_seconds

BADGES: Final = 2
"""So many communities are named on a card; the others are counted."""

ROLES: Final[dict[str, tuple[str | Promise, str]]] = {
    Advert.Role.DRIVER: (gettext_lazy("Driver"), "car"),
    Advert.Role.PASSENGER: (gettext_lazy("Passenger"), "passenger"),
    Advert.Role.EITHER: (gettext_lazy("Driver or passenger"), "either"),
}
"""Words and icon of each role."""


class Trust:
    """Communities that a viewer shares with authors (one query; none for visitors)."""

    def __init__(self, shared: dict[int, list[CommunityBadge]]) -> None:
        self._shared = shared

    @classmethod
    def of(cls, viewer: Any, author_ids: Iterable[int]) -> Trust:
        """What ``viewer`` (an account or a visitor) shares with each author."""
        if not is_member(viewer):
            return cls({})
        others = set(author_ids) - {viewer.pk}
        found = community_badges({*others, viewer.pk})
        own = {badge.slug for badge in found.get(viewer.pk, [])}
        return cls(
            {
                author: [badge for badge in found.get(author, []) if badge.slug in own]
                for author in others
            }
        )

    def badges(self, advert: Advert, most: int = BADGES) -> tuple[Badge, ...]:
        """Communities of an advert: shared ones first, as a sign of trust; then where it is."""
        shared = self._shared.get(advert.author_id, [])
        names = {badge.slug: badge.name for badge in shared}
        badges = [
            Badge(_("In common: %(community)s") % {"community": name}, "users", "success")
            for name in names.values()
        ]
        badges += [
            Badge(community.name, "users")
            for community in advert.shown_in
            if community.slug not in names
        ]
        if len(badges) > most:
            rest = len(badges) - most
            badges = [*badges[:most], Badge(_("+%(number)d") % {"number": rest})]
        return tuple(badges)


def advert_url(advert: Advert) -> str:
    """Path of the advert's page."""
    return advert.get_absolute_url()


def person(advert: Advert, viewer: Any = None) -> PersonLine:
    """The author as others may see them."""
    badges: tuple[Badge, ...] = ()
    if is_member(viewer) and viewer.pk == advert.author_id:
        badges = (Badge(_("You"), "user", "accent"),)
    return PersonLine(advert.author.display_name, badges=badges)


def usual_times(advert: Advert) -> tuple[dt.time | None, dt.time | None]:
    """Outward and return times: the only ones, or those of most days of a regular advert."""
    if advert.kind == Advert.Kind.ONE_OFF:
        return advert.time, advert.return_time
    outward = Counter(slot.time for slot in advert.slots).most_common(1)
    back = Counter(slot.return_time for slot in advert.slots if slot.return_time).most_common(1)
    return (outward[0][0] if outward else None), (back[0][0] if back else None)


def return_badges(advert: Advert, leaves: dt.time | None = None) -> tuple[Badge, ...]:
    """« Retour 17 h 30 »: of the slot that leaves at ``leaves``, else of most; empty for none."""
    _outward, back = usual_times(advert)
    same = [slot.return_time for slot in getattr(advert, "slots", ()) if slot.time == leaves]
    if same and back not in same:
        back = same[0]
    if back is None:
        return ()
    when = humanise.clock(back)
    if advert.return_date and advert.return_date != advert.date:
        when = f"{humanise.day(advert.return_date)}, {when}"
    return (Badge(_("Return %(time)s") % {"time": when}, "repeat"),)


def times_vary(advert: Advert) -> bool:
    """Whether a regular advert leaves at different times on different days."""
    return len({(slot.time, slot.return_time) for slot in advert.slots}) > 1


def weekdays(advert: Advert) -> frozenset[int]:
    """ISO days (1 Monday … 7 Sunday) of a regular advert."""
    return frozenset(slot.weekday + 1 for slot in advert.slots)


def drive_time(advert: Advert) -> int:
    """Seconds from one end to the other, by our estimate; whole minutes of five."""
    return max(300, 300 * round(way_seconds(advert) / 300))


def later(at: dt.time, seconds: float) -> dt.time:
    """A wall-clock time some seconds later, past midnight if need be."""
    return (dt.datetime.combine(dt.date(2000, 1, 3), at) + dt.timedelta(seconds=seconds)).time()


def advert_card(
    advert: Advert, *, trust: Trust, viewer: Any = None, who: PersonLine | None = None
) -> TripCard:
    """An advert outside any search: its outward ride, and a word about its return.

    ``who`` stands for its author where nobody's name is known.
    """
    leaves, _back = usual_times(advert)
    seconds = drive_time(advert)
    role, icon = ROLES[advert.role]
    marks = list(return_badges(advert))
    if advert.kind == Advert.Kind.REGULAR and times_vary(advert):
        marks.append(Badge(_("Times vary by day"), "clock"))
    regular = advert.kind == Advert.Kind.REGULAR
    return TripCard(
        url=advert_url(advert),
        origin=advert.origin_label,
        destination=advert.destination_label,
        departs=leaves,
        arrives=later(leaves, seconds) if leaves else None,
        duration=seconds,
        day=None if regular else advert.date,
        weekdays=weekdays(advert) if regular else None,
        price=advert_price(advert),
        seats=advert.seats,
        role=role,
        role_icon=icon,
        person=who or person(advert, viewer),
        badges=(*trust.badges(advert), *marks),
    )


def advert_cards(adverts: Iterable[Advert], viewer: Any) -> list[TripCard]:
    """Cards of many adverts; one query more, for what the viewer shares with their authors."""
    rows = list(adverts)
    trust = Trust.of(viewer, [advert.author_id for advert in rows])
    return [advert_card(advert, trust=trust, viewer=viewer) for advert in rows]
