"""What an advert must be. Every rule has its message; all that is wrong is said at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from communities.communities.queries import communities_of
from core.accounts.models import Account
from regions.territories.queries import municipality_get
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import OneOff, Place, Planning, Slot, Weekly
from rides.adverts.models import COMMENT_LENGTH, LABEL_LENGTH, MAX_SEATS, Advert
from rides.matching.figures import MAX_TRIP_M, MIN_TRIP_M
from rides.matching.geometry import Point, distance, snapped
from rides.matching.timing import instant, wall_clock

VALID_DAYS: Final = 365
"""A regular advert is valid for a year, by default and at most: older ones mislead."""
MAX_SLOTS: Final = 28
"""Four rides and returns a day: more is a timetable."""
AHEAD_DAYS: Final = 366
"""A one-off ride is at most this many days ahead."""
OWN_POINT_M: Final = 100_000.0
"""A member's own point is this near to its municipality's centre: even Guyane's are no larger."""

Message = str | Promise


@dataclass(frozen=True, slots=True)
class CheckedPlace:
    """A place that exists."""

    code: str
    label: str
    shown: Point
    """What others see and what matching uses: the municipality's centre, or a grid cell's."""
    own: Point | None


@dataclass(frozen=True, slots=True)
class Checked:
    """An advert that may be written as it is."""

    role: Advert.Role
    origin: CheckedPlace
    destination: CheckedPlace
    planning: Planning
    seats: int
    comment: str
    zone: str


def checked_advert(
    *,
    author: Account,
    role: str,
    origin: Place,
    destination: Place,
    planning: Planning,
    seats: int,
    comment: str,
    communities: Sequence[Community],
    zone: str,
    now: dt.datetime,
) -> Checked:
    """Return the advert in its final form, or raise ``AdvertError`` with every field's message."""
    fields: dict[str, Message] = {}
    if role not in Advert.Role.values:
        fields["role"] = _("Choose driver, passenger or either.")
    start = _place(origin, "origin", fields)
    end = _place(destination, "destination", fields)
    if start and end:
        _check_length(start, end, fields)
    if not 1 <= seats <= MAX_SEATS:
        fields["seats"] = _("From 1 to %(most)d seats.") % {"most": MAX_SEATS}
    comment = comment.strip()
    if len(comment) > COMMENT_LENGTH:
        fields["comment"] = _("At most %(most)d characters.") % {"most": COMMENT_LENGTH}
    if isinstance(planning, OneOff):
        _check_one_off(planning, zone, now, fields)
    else:
        planning = _checked_weekly(planning, wall_clock(now, zone).date(), fields)
    _check_communities(author, communities, fields)
    if fields or start is None or end is None:
        raise AdvertError(
            _("The advert was not published: some of it needs correcting."),
            code="invalid_advert",
            fields=fields,
        )
    return Checked(Advert.Role(role), start, end, planning, seats, comment, zone)


def _place(place: Place, name: str, fields: dict[str, Message]) -> CheckedPlace | None:
    municipality = municipality_get(place.code)
    if municipality is None or municipality.lat is None or municipality.lon is None:
        fields[name] = _("Choose a municipality from the list.")
        return None
    centre = Point(municipality.lat, municipality.lon)
    detail = " ".join(place.detail.split())
    label = f"{municipality.name}, {detail}" if detail else municipality.name
    if len(label) > LABEL_LENGTH:
        fields[f"{name}_detail"] = _("Describe the place in fewer words.")
    own = place.own_point
    if own is None:
        return CheckedPlace(municipality.code, label, centre, None)
    if not (-90 <= own.lat <= 90 and -180 <= own.lon <= 180):
        fields[name] = _("This point does not exist.")
        return None
    if distance(own, centre) > OWN_POINT_M:
        fields[name] = _("This point is far from %(municipality)s.") % {
            "municipality": municipality.name
        }
        return None
    return CheckedPlace(municipality.code, label, snapped(own), own)


def _check_length(start: CheckedPlace, end: CheckedPlace, fields: dict[str, Message]) -> None:
    metres = distance(start.shown, end.shown)
    if metres < MIN_TRIP_M:
        fields["destination"] = _("Departure and arrival are the same place.")
    elif metres > MAX_TRIP_M:
        fields["destination"] = _("This is more than 1,500 km away: too far for carpooling.")


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


def _checked_weekly(planning: Weekly, today: dt.date, fields: dict[str, Message]) -> Weekly:
    """Check the days and the validity, and fill in what was left to us."""
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
    first = planning.valid_from or today
    last = planning.valid_until or first + dt.timedelta(days=VALID_DAYS)
    if first < today:
        fields["valid_from"] = _("This date is past.")
    elif (first - today).days > AHEAD_DAYS:
        fields["valid_from"] = _("This date is more than a year ahead.")
    elif last < first:
        fields["valid_until"] = _("The end is before the beginning.")
    elif (last - first).days > VALID_DAYS:
        fields["valid_until"] = _("An advert is valid for one year at most.")
    elif days and "weekdays" not in fields and not _falls(days, first, last):
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
