"""Found rides as cards, on a map, and in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.shell import humanise
from core.shell.cards import Badge, PersonLine, TripCard
from regions.pool.queries import PooledRow
from regions.territories.models import Municipality
from rides.adverts import maps
from rides.adverts.cards import (
    ROLES,
    Trust,
    advert_card,
    advert_url,
    later,
    person,
    return_badges,
    weekdays,
)
from rides.adverts.models import Advert
from rides.adverts.prices import price_cents
from rides.bookings.site.choices import day_value
from rides.matching.figures import ROAD_FACTOR
from rides.matching.geometry import Point, distance
from rides.matching.timing import drive_seconds
from rides.relay.adverts import partner_adverts
from rides.search.inputs import LookingFor
from rides.search.partners import partner_name
from rides.search.queries import FoundRide, SearchResults
from rides.search.rules import point_of
from rides.search.site.back import with_way_back
from rides.search.site.forms import radius_words

SAME_PLACE_M: Final = 500.0
"""A ride that starts (or ends) this near to a place starts (or ends) there."""


def found_cards(
    found: SearchResults, start: Municipality, end: Municipality, viewer: Any, asked: QueryDict
) -> list[TripCard]:
    """The rides as cards, in their order, for somebody who goes from ``start`` to ``end``.

    ``asked`` is the search as its address says it: the way back from a ride's own page.
    """
    authors = [ride.advert.author_id for ride in found.rides if ride.partner is None]
    trust = Trust.of(viewer, authors)
    sought = found.query.looking_for
    return [
        replace(
            _card(ride, sought, start.name, end.name, trust, viewer),
            url=with_way_back(_url(ride), asked, place, day_value(ride.match.day, ride.backwards)),
        )
        for place, ride in enumerate(found.rides, start=1)
    ]


def ends(ride: FoundRide) -> tuple[str, str, Point, Point]:
    """Where a ride starts and ends, in words and on the map: a return runs backwards."""
    advert = ride.advert
    words = advert.origin_label, advert.destination_label
    points = advert.origin, advert.destination
    if ride.backwards:
        return words[1], words[0], points[1], points[0]
    return words[0], words[1], points[0], points[1]


@dataclass(frozen=True, slots=True)
class _Leg:
    """The part of a ride that the reader shares: places, times, and what lies beyond."""

    start: str
    end: str
    departs: dt.time
    seconds: int
    beyond: tuple[Badge, ...]


def _leg(ride: FoundRide, here: str, there: str) -> _Leg:
    """From where the reader gets in to where they get out; times there are estimates.

    A ride that is only near is told whole: nobody knows where both would meet.
    """
    passage, leaves = ride.passage, ride.match.at
    first, last, _from, _to = ends(ride)
    whole = drive_seconds(passage.length)
    at_start = passage.pick_up + passage.away_before <= SAME_PLACE_M
    at_end = passage.length - passage.set_down + passage.away_after <= SAME_PLACE_M
    if ride.far or (at_start and at_end):
        return _Leg(first, last, leaves, _rounded(whole), ())
    before = 0 if at_start else _rounded(whole * passage.pick_up / passage.length, least=0)
    until = whole if at_end else whole * passage.set_down / passage.length
    beyond = []
    if not at_start:
        words = _("Starts at %(time)s: %(place)s")
        label = words % {"place": first, "time": humanise.clock(leaves)}
        beyond.append(Badge(label, "route"))
    if not at_end:
        beyond.append(Badge(_("Ends at: %(place)s") % {"place": last}, "route"))
    return _Leg(
        start=first if at_start else here,
        end=last if at_end else there,
        departs=later(leaves, before),
        seconds=_rounded(until - before),
        beyond=tuple(beyond),
    )


def _rounded(seconds: float, least: int = 300) -> int:
    """Whole steps of five minutes: an estimate that says more would lie."""
    return max(least, 300 * round(seconds / 300))


def _own_leg(ride: FoundRide) -> _Leg:
    """The ride that a passenger looks for, whole: a driver takes them from end to end."""
    start, end, first, last = ends(ride)
    seconds = _rounded(drive_seconds(distance(first, last)))
    return _Leg(start, end, ride.match.at, seconds, ())


def _card(
    ride: FoundRide, sought: LookingFor, here: str, there: str, trust: Trust, viewer: Any
) -> TripCard:
    advert, passage = ride.advert, ride.passage
    drives = sought == LookingFor.DRIVERS
    leg = _leg(ride, here, there) if drives else _own_leg(ride)
    role, icon = ROLES[advert.role]
    near = not ride.far
    regular = advert.kind == Advert.Kind.REGULAR
    return TripCard(
        url=advert_url(advert),
        origin=leg.start,
        destination=leg.end,
        departs=leg.departs,
        arrives=later(leg.departs, leg.seconds),
        duration=leg.seconds,
        day=None if regular else ride.match.day,
        weekdays=weekdays(advert) if regular else None,
        walk_before=_walk(passage.walk_before) if near else None,
        walk_after=_walk(passage.walk_after) if near else None,
        detour=round(ride.detour.seconds) or None if near else None,
        price=(price := _price(ride) if drives else None),
        price_untold=drives and price is None,
        seats=advert.seats,
        role=role,
        role_icon=icon,
        person=partner_person(ride.partner) if ride.partner else person(advert, viewer),
        badges=(*_via(ride), *_away(ride), *trust.badges(advert), *leg.beyond, *_return(ride)),
    )


def partner_cards(rows: Sequence[PooledRow]) -> list[TripCard]:
    """Partners' adverts outside any search; one query."""
    adverts = partner_adverts(rows)
    trust = Trust.of(None, [])
    cards = []
    for row in rows:
        card = advert_card(adverts[-row.pk], trust=trust, who=partner_person(row))
        cards.append(
            replace(
                card,
                url=reverse("search:partner", args=[row.advert]),
                price=card.price if row.cents_per_km is not None else None,
                price_untold=row.cents_per_km is None,
                badges=(via_badge(row), *card.badges),
            )
        )
    return cards


def partner_person(row: PooledRow) -> PersonLine:
    """Who offers a ride of another region: nobody's name crosses before they agree."""
    return PersonLine(partner_name(row))


def _url(ride: FoundRide) -> str:
    if ride.partner is not None:
        return reverse("search:partner", args=[ride.partner.advert])
    return advert_url(ride.advert)


def _price(ride: FoundRide) -> int | None:
    """The contribution for the part shared; None where a partner's agreement does not tell it."""
    if ride.partner is not None and ride.partner.cents_per_km is None:
        return None
    return price_cents(ride.passage.shared * ROAD_FACTOR, ride.advert.cents_per_km)


def _via(ride: FoundRide) -> tuple[Badge, ...]:
    """« Via Pass Pass », in that region's colour."""
    return (via_badge(ride.partner),) if ride.partner is not None else ()


def via_badge(row: PooledRow) -> Badge:
    """Which region a ride comes from."""
    return Badge(_("Via %(region)s") % {"region": row.region}, "share", dot=row.accent)


def _return(ride: FoundRide) -> tuple[Badge, ...]:
    """The ride home; none where the one found is the ride home."""
    return () if ride.backwards else return_badges(ride.advert, ride.match.at)


def _walk(metres: float) -> int | None:
    """Metres on foot; None for a few steps, which nobody calls a walk."""
    return round(metres) if metres >= 25 else None


def _away(ride: FoundRide) -> tuple[Badge, ...]:
    """How far a ride that is only near passes, in words."""
    passage = ride.passage
    if not ride.far:
        return ()
    badges = []
    for metres, words in (
        (passage.away_before, _("%(distance)s from your departure")),
        (passage.away_after, _("%(distance)s from your arrival")),
    ):
        if metres >= 500:
            label = words % {"distance": humanise.distance(metres)}
            badges.append(Badge(label, "pin", "warning"))
    return tuple(badges)


def near_words(found: SearchResults) -> dict[str, str]:
    """The two distances of a widened search, in words; empty for one that was not."""
    if not found.widened:
        return {}
    return {
        "asked": radius_words(found.query.radius),
        "radius": radius_words(found.radius),
    }


def found_map(
    found: SearchResults, cards: list[TripCard], start: Municipality, end: Municipality
) -> dict[str, Any]:
    """The routes of the rides, and the two ends of the search."""
    features = []
    for number, (ride, card) in enumerate(zip(found.rides, cards, strict=True), start=1):
        *words, first, last = ends(ride)
        via = [stop.point for stop in ride.advert.via]
        features.append(
            maps.line_feature(
                first,
                *(reversed(via) if ride.backwards else via),
                last,
                id=str(number),
                title=f"{words[0]} → {words[1]}",
                text=card.person.name if card.person else "",
                url=card.url,
            )
        )
    features.append(_end_feature(start, "origin"))
    features.append(_end_feature(end, "destination"))
    return maps.collection(features)


def _end_feature(municipality: Municipality, kind: str) -> dict[str, Any]:
    return maps.point_feature(point_of(municipality), kind=kind, title=municipality.name)
