"""What the steps hold at first: habits, the search or page that led here, or another advert."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from communities.communities.models import Community
from communities.communities.queries import communities_of
from core.accounts.models import Account
from regions.territories.forms import typed_for
from regions.territories.queries import municipalities_get, municipality_get
from rides.adverts.lines import line_stops
from rides.adverts.models import Advert, RidesSettings
from rides.adverts.route_rules import detail_of
from rides.adverts.site.wizard.base import Raw

ISO_DAYS: Final = frozenset("1234567")
WORKING_DAYS: Final = ["1", "2", "3", "4", "5"]
Steps = dict[str, Raw]


def first_steps(account: Account, asked: Mapping[str, str], days: list[str]) -> Steps:
    """A new advert: what an address says (``origin_code``, ``date`` …), else habits."""
    one_off = bool(asked.get("date")) and asked.get("regular") != "1"
    role = asked.get("role") if asked.get("role") in Advert.Role.values else None
    role = role or Advert.Role.DRIVER.value
    planning: Raw = {
        "kind": [(Advert.Kind.ONE_OFF if one_off else Advert.Kind.REGULAR).value],
        "slots": ["1"],
        "weekdays_0": [day for day in days if day in ISO_DAYS] or WORKING_DAYS,
    }
    if asked.get("date"):
        planning["date"] = [asked["date"]]
    if asked.get("time"):
        planning["time"] = planning["time_0"] = [asked["time"]]
    route: Raw = {"stops": ["0"]}
    for name, default in (("origin", account.residence_code), ("destination", "")):
        place = municipality_get(asked.get(f"{name}_code") or default)
        if place is not None:
            route[name], route[f"{name}_code"] = [place.label], [place.code]
    slug = asked.get("community", "")
    if slug:
        for community in communities_of(account).filter(slug=slug):
            route["communities"] = [str(community.pk)]
            route |= _along_line(community)
    return {
        "role": {"role": [role]},
        "planning": planning,
        "route": route,
        "passengers": {"seats": ["1" if role == Advert.Role.PASSENGER else "3"]},
        "contribution": {"choice": ["suggested"]},
        "message": {"comment": [""]},
    }


def _along_line(community: Community) -> Raw:
    """The stops of a line as a route; nothing for other communities, or a line without stops."""
    stops = line_stops(community)
    if len(stops) < 2:
        return {}
    known = municipalities_get([stop.code for stop in stops])
    names = ["origin", *(f"stop_{row}" for row in range(len(stops) - 2)), "destination"]
    raw: Raw = {"stops": [str(len(stops) - 2)]}
    for name, stop in zip(names, stops, strict=True):
        typed = typed_for(known.get(stop.code))
        raw[name], raw[f"{name}_code"] = [typed.text], [typed.code]
        raw[_detail(name)] = [stop.detail]
        if stop.place_id and name.startswith("stop_"):
            raw[name.replace("stop_", "stop_place_")] = [str(stop.place_id)]
    return raw


def steps_of(advert: Advert, rules: RidesSettings, *, backwards: bool = False) -> Steps:
    """What an advert says, in the words of the steps; ``backwards`` for the way back alone."""
    return {
        "role": {"role": [advert.role]},
        "planning": _planning(advert, backwards),
        "route": _route(advert, backwards),
        "passengers": {
            "seats": [str(advert.seats)],
            **({"wheelchair": ["on"]} if advert.wheelchair else {}),
            **({"same_gender": ["on"]} if advert.same_gender else {}),
        },
        "contribution": _contribution(advert, rules),
        "message": {"comment": [advert.comment]},
    }


def _planning(advert: Advert, backwards: bool) -> Raw:
    raw: Raw = {"kind": [advert.kind], "slots": ["1"]}
    if not advert.school_holidays:
        raw["no_school_holidays"] = ["on"]
    if not advert.public_holidays:
        raw["no_public_holidays"] = ["on"]
    if advert.kind == Advert.Kind.ONE_OFF:
        days = advert.return_date if backwards else advert.date, advert.return_date
        times = advert.return_time if backwards else advert.time, advert.return_time
        raw["date"] = [days[0].isoformat() if days[0] else ""]
        raw["time"] = [f"{times[0]:%H:%M}" if times[0] else ""]
        if not backwards and days[1] and times[1]:
            raw["return_date"], raw["return_time"] = [days[1].isoformat()], [f"{times[1]:%H:%M}"]
        return raw
    rows: dict[tuple[str, str], list[str]] = {}
    for slot in advert.schedules.all():
        leaves = slot.return_time if backwards else slot.time
        back = None if backwards else slot.return_time
        times_of = (f"{leaves:%H:%M}" if leaves else "", f"{back:%H:%M}" if back else "")
        rows.setdefault(times_of, []).append(str(slot.weekday + 1))
    raw["slots"] = [str(max(1, len(rows)))]
    for row, ((leaves_at, back_at), days_of) in enumerate(rows.items()):
        raw[f"weekdays_{row}"] = days_of
        raw[f"time_{row}"], raw[f"return_{row}"] = [leaves_at], [back_at]
    if advert.valid_from and advert.valid_until:
        raw["valid_from"] = [advert.valid_from.isoformat()]
        raw["valid_until"] = [advert.valid_until.isoformat()]
    return raw


def _route(advert: Advert, backwards: bool) -> Raw:
    stops = list(advert.stops.all())
    codes = [advert.origin_code, *(stop.code for stop in stops), advert.destination_code]
    labels = [advert.origin_label, *(stop.label for stop in stops), advert.destination_label]
    places = list(zip(codes, labels, strict=True))
    if backwards:
        places.reverse()
    names = ["origin", *(f"stop_{row}" for row in range(len(stops))), "destination"]
    known = municipalities_get(codes)
    spots = ["", *(str(stop.place_id or "") for stop in stops), ""]
    if backwards:
        spots.reverse()
    raw: Raw = {"stops": [str(len(stops))]}
    for name, (code, label), spot in zip(names, places, spots, strict=True):
        if spot:
            raw[name.replace("stop_", "stop_place_")] = [spot]
        typed = typed_for(known.get(code))
        raw[name], raw[f"{name}_code"] = [typed.text], [typed.code]
        raw[_detail(name)] = [detail_of(known.get(code), label)]
    raw["communities"] = [
        str(key) for key in advert.publications.values_list("community_id", flat=True)
    ]
    return raw


def _detail(name: str) -> str:
    head, _sep, row = name.partition("_")
    return f"{head}_detail_{row}" if row else f"{name}_detail"


def _contribution(advert: Advert, rules: RidesSettings) -> Raw:
    cents = advert.cents_per_km
    if cents == 0:
        return {"choice": ["free"]}
    if cents == rules.suggested_cents_per_km:
        return {"choice": ["suggested"]}
    raw: Raw = {"choice": ["own"], "cents": [str(cents)]}
    if cents > rules.warn_above_cents_per_km:
        raw["sure"] = ["on"]
    return raw
