"""What a page costs against a bare view, and that its queries do not grow with its rows."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.context import tenant_scope
from tests.bench.figures import Figure, Options, at_most, bench
from tests.bench.served.serving import served

TIMES = 12
VISITS = 60


def _medians_ms(port: int, addresses: dict[str, str]) -> dict[str, float]:
    """Visit every address in turn over one connection; the median time of each."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    taken: dict[str, list[float]] = {name: [] for name in addresses}
    for visit in range(VISITS + 3):
        for name, address in addresses.items():
            began = time.perf_counter()
            link.request("GET", address, headers={"Host": "ouestgo.localhost"})
            answer = link.getresponse()
            answer.read()
            assert answer.status == 200, (address, answer.status)
            if visit >= 3:  # what a process does once is not what a page costs
                taken[name].append(time.perf_counter() - began)
    link.close()
    return {name: statistics.median(times) * 1000 for name, times in taken.items()}


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@bench("page")
def page(options: Options) -> Iterator[Figure]:
    """Home, community and results against a bare view that does SELECT 1."""
    from communities.communities.models import Community
    from deploy.demo import data
    from regions.territories.queries import municipality_get
    from rides.adverts.models import Advert
    from tests.factories import provision

    small = provision("passpass", name="Few rows", regions=["32"])
    data.load(scale="small")
    large = provision("ouestgo", name="Many rows", regions=["53", "52"])
    data.load(scale="demo")
    with tenant_scope(small):
        # As in the other region, some ride asks for the school calendar, and so for the rules.
        Advert.objects.update(school_holidays=False)
    monday = date.today() + timedelta(days=7 - date.today().weekday())

    def addresses(region: object, origin: str, destination: str) -> dict[str, str]:
        with tenant_scope(region):  # type: ignore[arg-type]
            community = Community.objects.order_by("pk").first()
            places = [municipality_get(code) for code in (origin, destination)]
        assert community is not None
        words = [quote(place.label) if place else "" for place in places]
        return {
            "home": "/",
            "communities": "/communautes/",
            "community": f"/communautes/{community.slug}/",
            "results": f"/recherche/?origin={words[0]}&origin_code={origin}"
            f"&destination={words[1]}&destination_code={destination}&date={monday}",
        }

    pages = addresses(large, "35238", "35047")
    with served() as port:
        times = _medians_ms(port, {"bare": "/bare/", **pages})
    for name in pages:
        yield at_most(f"{name} / bare view", ours=times[name], theirs=times["bare"], times=TIMES)
    for name, address in addresses(small, "59350", "59512").items():
        few = _queries(Client(headers={"host": "passpass.localhost"}), address)
        many = _queries(Client(headers={"host": "ouestgo.localhost"}), pages[name])
        yield at_most(
            f"queries of {name}, many rows / few", ours=many, theirs=few, times=1, unit=""
        )
