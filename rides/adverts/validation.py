"""What an advert must be. Every rule has its message; all that is wrong is said at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from communities.communities.queries import communities_of
from core.accounts.models import Account
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import AdvertInput, OneOff, Planning, Slot, Weekly
from rides.adverts.models import COMMENT_LENGTH, MAX_SEATS, Advert, RidesSettings
from rides.adverts.route_rules import CheckedPlace, Message, check_route, checked_place
from rides.matching.timing import instant, wall_clock

VALID_DAYS: Final = 365
"""A regular advert is valid for a year, by default and at most: older ones mislead."""
MAX_SLOTS: Final = 28
"""Four rides and returns a day: more is a timetable."""
AHEAD_DAYS: Final = 366
"""A one-off ride is at most this many days ahead."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An advert that may be written as it is."""

    role: Advert.Role
    origin: CheckedPlace
    destination: CheckedPlace
    stops: Sequence[CheckedPlace]
    planning: Planning
    seats: int
    cents_per_km: int
    school_holidays: bool
    public_holidays: bool
    wheelchair: bool
    same_gender: bool
    comment: str
    communities: Sequence[Community]
    zone: str


def checked_advert(
    *,
    author: Account,
    said: AdvertInput,
    zone: str,
    now: dt.datetime,
    rules: RidesSettings,
    changing: Advert | None = None,
) -> Checked:
    """Return the advert in its final form, or raise ``AdvertError`` with every field's message.

    ``changing`` is the advert that these words replace: what it already had may stay (a validity
    that began in the past, a contribution that the region has since limited).
    """
    fields: dict[str, Message] = {}
    if said.role not in Advert.Role.values:
        fields["role"] = _("Choose driver, passenger or either.")
    start = checked_place(said.origin, "origin", fields)
    end = checked_place(said.destination, "destination", fields)
    stops = [checked_place(stop, f"stops.{index}", fields) for index, stop in enumerate(said.stops)]
    whole = [stop for stop in stops if stop is not None]
    if start and end and len(whole) == len(stops):
        check_route(start, whole, end, fields)
    if not 1 <= said.seats <= MAX_SEATS:
        fields["seats"] = _("From 1 to %(most)d seats.") % {"most": MAX_SEATS}
    comment = said.comment.strip()
    if len(comment) > COMMENT_LENGTH:
        fields["comment"] = _("At most %(most)d characters.") % {"most": COMMENT_LENGTH}
    planning = check_planning(said.planning, zone, now, changing, fields)
    cents = rules.suggested_cents_per_km if said.cents_per_km is None else said.cents_per_km
    if changing is None or changing.cents_per_km != cents:
        check_contribution(cents, rules, fields)
    if said.same_gender and not rules.same_gender_allowed:
        fields["same_gender"] = _("This region does not offer this choice.")
    _check_communities(author, said.communities, fields)
    if fields or start is None or end is None:
        raise AdvertError(
            _("The advert was not published: some of it needs correcting."),
            code="invalid_advert",
            fields=fields,
        )
    return Checked(
        role=Advert.Role(said.role),
        origin=start,
        destination=end,
        stops=whole,
        planning=planning,
        seats=said.seats,
        cents_per_km=cents,
        school_holidays=said.school_holidays,
        public_holidays=said.public_holidays,
        wheelchair=said.wheelchair,
        same_gender=said.same_gender,
        comment=comment,
        communities=said.communities,
        zone=zone,
    )


def check_planning(
    planning: Planning,
    zone: str,
    now: dt.datetime,
    changing: Advert | None,
    fields: dict[str, Message],
) -> Planning:
    """The days and times as they will be kept; what is wrong with them is said in ``fields``."""
    if isinstance(planning, OneOff):
        _check_one_off(planning, zone, now, fields)
        return planning
    return _checked_weekly(planning, wall_clock(now, zone).date(), changing, fields)


def check_contribution(cents: int, rules: RidesSettings, fields: dict[str, Message]) -> None:
    """Refuse a contribution above the region's limit, which no form can be talked out of."""
    if cents < 0:
        fields["cents_per_km"] = _("A contribution cannot be negative.")
    elif cents > rules.most_cents_per_km:
        fields["cents_per_km"] = _(
            "At most %(most)d cents per kilometre here: costs are shared, nobody earns money."
        ) % {"most": rules.most_cents_per_km}


def _check_one_off(
    planning: OneOff, zone: str, now: dt.datetime, fields: dict[str, Message]
) -> None:
    today = wall_clock(now, zone).date()
    _check_day("date", planning.date, today, fields)
    if "date" not in fields and instant(planning.date, planning.time, zone) <= now:
        fields["time"] = _("This time is past.")
    has_date, has_time = planning.return_date is not None, planning.return_time is not None
    if has_date and not has_time:
        fields["return_time"] = _("Give the time of the return.")
    if has_time and not has_date:
        fields["return_date"] = _("Give the date of the return.")
    if planning.return_date is None or planning.return_time is None:
        return
    _check_day("return_date", planning.return_date, today, fields)
    if "date" in fields or "return_date" in fields:
        return
    if planning.return_date < planning.date:
        fields["return_date"] = _("The return is before the outward ride.")
    elif planning.return_date == planning.date and planning.return_time <= planning.time:
        fields["return_time"] = _("The return is before the outward ride.")


def _check_day(name: str, day: dt.date, today: dt.date, fields: dict[str, Message]) -> None:
    if day < today:
        fields[name] = _("This date is past.")
    elif (day - today).days > AHEAD_DAYS:
        fields[name] = _("This date is more than a year ahead.")


def _checked_weekly(
    planning: Weekly, today: dt.date, changing: Advert | None, fields: dict[str, Message]
) -> Weekly:
    """Check the days and the validity, and fill in what was left to us.

    The validity of the advert that is being changed may stay as it was.
    """
    started, ends = (changing.valid_from, changing.valid_until) if changing else (None, None)
    slots = sorted(planning.slots, key=lambda slot: (slot.weekday, slot.time))
    days = [slot.weekday for slot in slots]
    if not days:
        fields["weekdays"] = _("Choose at least one day.")
    elif not set(days) <= set(range(7)):
        fields["weekdays"] = _("Days go from Monday to Sunday.")
    elif len(slots) > MAX_SLOTS:
        fields["weekdays"] = _("At most %(most)d slots a week.") % {"most": MAX_SLOTS}
    for index, slot in enumerate(planning.slots):
        if slot.return_time is not None and slot.return_time <= slot.time:
            fields[f"slots.{index}.return_time"] = _(
                "The return is before the outward ride. Home the next day? Publish the return "
                "as another advert."
            )
        if any(_overlap(slot, other) for other in planning.slots[:index]):
            fields[f"slots.{index}.time"] = _("This slot overlaps another one of the same day.")
    first = planning.valid_from or started or today
    last = planning.valid_until or max(first, today) + dt.timedelta(days=VALID_DAYS)
    if first < today and first != started:
        fields["valid_from"] = _("This date is past.")
    elif (first - today).days > AHEAD_DAYS:
        fields["valid_from"] = _("This date is more than a year ahead.")
    elif last < first:
        fields["valid_until"] = _("The end is before the beginning.")
    elif last < today:
        fields["valid_until"] = _("This date is past.")
    elif last != ends and (last - max(first, today)).days > VALID_DAYS:
        fields["valid_until"] = _("An advert is valid for one year at most.")
    elif days and "weekdays" not in fields and not _falls(days, max(first, today), last):
        fields["weekdays"] = _("None of these days falls within the dates given.")
    return replace(planning, slots=slots, valid_from=first, valid_until=last)


def _overlap(left: Slot, right: Slot) -> bool:
    """Whether two slots cannot both be driven: the later one leaves before the other's end."""
    if left.weekday != right.weekday:
        return False
    first, second = sorted((left, right), key=lambda slot: slot.time)
    return second.time <= (first.return_time or first.time)


def _falls(days: Sequence[int], first: dt.date, last: dt.date) -> bool:
    """Whether one of the weekdays falls between two days."""
    span = min((last - first).days, 6)
    return any((first.weekday() + ahead) % 7 in days for ahead in range(span + 1))


def _check_communities(
    author: Account, communities: Sequence[Community], fields: dict[str, Message]
) -> None:
    if not communities:
        return
    joined = {community.pk for community in communities_of(author)}
    if any(community.pk not in joined for community in communities):
        fields["communities"] = _("Publish only in communities that you belong to.")
