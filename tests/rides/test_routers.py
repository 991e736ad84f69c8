"""Detours by road: three routers' formats against a local server that speaks them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from rides.matching.geometry import Point
from rides.search.queries import search_adverts
from rides.search.routers.client import Router, RouterError
from rides.search.routers.detours import with_detours
from tests.client import StrictClient
from tests.rides.situations import CESSON, MONDAY, VITRE, make_advert
from tests.rides.test_search import query_of

pytestmark = pytest.mark.usefixtures("tenant")
A, B, C = Point(48.1, -1.7), Point(48.2, -1.5), Point(48.3, -1.2)


class Double(BaseHTTPRequestHandler):
    """Speaks OSRM, Valhalla and GraphHopper: 100 s and 1,500 m for each leg."""

    asked: list[tuple[str, Any]]
    behaviour: Callable[[], None]

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _answer(self, body: Any) -> None:
        self.asked.append((self.path, body))
        type(self).behaviour()
        address = urlsplit(self.path)
        if address.path.startswith("/osrm/route/v1/driving/"):
            legs = address.path.count(";")
            answer: Any = {
                "code": "Ok",
                "routes": [{"duration": 100.0 * legs, "distance": 1500.0 * legs, "legs": []}],
                "waypoints": [],
            }
        elif body is not None:
            legs = len(body["locations"]) - 1
            answer = {
                "trip": {
                    "status": 0,
                    "units": "kilometers",
                    "summary": {"time": 100.0 * legs, "length": 1.5 * legs},
                }
            }
        else:
            legs = len(parse_qs(address.query)["point"]) - 1
            answer = {"paths": [{"time": 100_000 * legs, "distance": 1500.0 * legs}]}
        text = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def double() -> Iterator[tuple[str, type[Double]]]:
    """The server's address, and its class, which remembers what it was asked."""

    class Own(Double):
        asked: list[tuple[str, Any]] = []
        behaviour = staticmethod(lambda: None)

    server = HTTPServer(("127.0.0.1", 0), Own)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", Own
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.mark.parametrize(
    ("kind", "path", "sent"),
    [
        (
            "osrm",
            "/osrm/route/v1/driving/-1.700000,48.100000;-1.500000,48.200000;-1.200000,48.300000"
            "?overview=false&steps=false",
            None,
        ),
        (
            "valhalla",
            "/valhalla/route",
            {
                "locations": [
                    {"lat": 48.1, "lon": -1.7, "type": "break"},
                    {"lat": 48.2, "lon": -1.5, "type": "through"},
                    {"lat": 48.3, "lon": -1.2, "type": "break"},
                ],
                "costing": "auto",
                "directions_type": "none",
                "units": "kilometers",
            },
        ),
        (
            "graphhopper",
            "/graphhopper/route?point=48.100000%2C-1.700000&point=48.200000%2C-1.500000"
            "&point=48.300000%2C-1.200000&profile=car&calc_points=false&instructions=false",
            None,
        ),
    ],
)
def test_each_format_is_asked_and_read(
    double: tuple[str, type[Double]], kind: str, path: str, sent: Any
) -> None:
    url, server = double
    router = Router(f"{url}/{kind}/", kind)
    assert router.drive([A, B, C]) == (200.0, 3000.0)
    assert router.drive([A, B, C]) == (200.0, 3000.0)
    router.close()
    assert server.asked == [(path, sent)]  # the second answer came from the cache


def test_three_seconds_for_a_whole_page(double: tuple[str, type[Double]]) -> None:
    url, server = double
    server.behaviour = staticmethod(lambda: time.sleep(0.3))  # type: ignore[assignment]
    router = Router(f"{url}/osrm", "osrm", limit=0.5)
    router.drive([A, B])
    began = time.monotonic()
    for _ in range(5):
        with pytest.raises(RouterError):
            router.drive([A, C])
            router.drive([B, C])
    assert time.monotonic() - began < 1.0
    router.close()


@pytest.mark.parametrize("kind", ["osrm", "valhalla", "graphhopper"])
def test_only_what_is_shown_is_routed_and_said_by_road(
    double: tuple[str, type[Double]], settings: Any, kind: str
) -> None:
    url, server = double
    settings.ROUTER_URL, settings.ROUTER_KIND = f"{url}/{kind}", kind
    for _ in range(4):
        make_advert()
    query = query_of(CESSON, VITRE, day=MONDAY, count=3)
    rides = with_detours(query, search_adverts(query).rides)
    assert [ride.detour for ride in rides] == [rides[0].detour] * 3
    assert (rides[0].detour.seconds, rides[0].detour.estimated) == (200.0, False)
    assert len(server.asked) == 2  # one route, with and without the passenger; then the cache


def test_without_an_answer_the_detour_is_estimated_and_says_so(
    client: StrictClient, settings: Any
) -> None:
    settings.ROUTER_URL = "http://127.0.0.1:9"  # nobody listens
    make_advert()
    query = query_of(CESSON, VITRE, day=MONDAY)
    (ride,) = with_detours(query, search_adverts(query).rides)
    assert ride.detour.estimated
    assert ride.detour.seconds == ride.passage.detour_seconds
    page = client.get(f"/recherche/?origin_code={CESSON}&destination_code={VITRE}&date={MONDAY}")
    assert "détours estimés" in page.content.decode()
