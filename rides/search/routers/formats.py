"""What each router is asked, and how its answer is read: pure functions, no network.

A route goes through places in order; the answer is seconds and metres by road.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from rides.matching.geometry import Point


class Drive(NamedTuple):
    """One route by road."""

    seconds: float
    metres: float


@dataclass(frozen=True, slots=True)
class Ask:
    """One HTTP request: a path with its query, and a JSON body for POST."""

    path: str
    body: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A router's language."""

    ask: Callable[[Sequence[Point]], Ask]
    read: Callable[[Any], Drive]
    """Raises ``KeyError``, ``IndexError``, ``TypeError`` or ``ValueError`` for what is no route."""


def _osrm_ask(places: Sequence[Point]) -> Ask:
    line = ";".join(f"{place.lon:.6f},{place.lat:.6f}" for place in places)
    return Ask(f"/route/v1/driving/{line}?overview=false&steps=false")


def _osrm_read(answer: Any) -> Drive:
    if answer["code"] != "Ok":
        raise ValueError(answer["code"])
    route = answer["routes"][0]
    return Drive(float(route["duration"]), float(route["distance"]))


def _valhalla_ask(places: Sequence[Point]) -> Ask:
    last = len(places) - 1
    locations = [
        {"lat": place.lat, "lon": place.lon, "type": "break" if at in (0, last) else "through"}
        for at, place in enumerate(places)
    ]
    body = {"locations": locations, "costing": "auto", "directions_type": "none"}
    return Ask("/route", {**body, "units": "kilometers"})


def _valhalla_read(answer: Any) -> Drive:
    trip = answer["trip"]
    if trip["status"] != 0:
        raise ValueError(trip["status"])
    return Drive(float(trip["summary"]["time"]), float(trip["summary"]["length"]) * 1000)


def _graphhopper_ask(places: Sequence[Point]) -> Ask:
    asked = [("point", f"{place.lat:.6f},{place.lon:.6f}") for place in places]
    asked += [("profile", "car"), ("calc_points", "false"), ("instructions", "false")]
    return Ask(f"/route?{urlencode(asked)}")


def _graphhopper_read(answer: Any) -> Drive:
    path = answer["paths"][0]
    return Drive(float(path["time"]) / 1000, float(path["distance"]))


FORMATS: Final = {
    "osrm": Format(_osrm_ask, _osrm_read),
    "valhalla": Format(_valhalla_ask, _valhalla_read),
    "graphhopper": Format(_graphhopper_ask, _graphhopper_read),
}
