"""What a page costs against a bare view, and that its queries do not grow with its rows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.context import tenant_scope
from tests.bench.figures import Figure, Options, at_most, bench, equal

TIMES = 12
VISITS = 60


def _median_ms(client: Client, address: str) -> float:
    for _ in range(3):
        assert client.get(address).status_code == 200, address
    taken = []
    for _ in range(VISITS):
        began = time.perf_counter()
        client.get(address)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


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
    from tests.factories import provision

    settings.ROOT_URLCONF = "tests.bench.bare"
    small = provision("passpass", name="Few rows", regions=["32"])
    data.load(scale="small")
    large = provision("ouestgo", name="Many rows", regions=["53", "52"])
    data.load(scale="demo")

    def addresses(region: object, origin: str, destination: str) -> dict[str, str]:
        with tenant_scope(region):  # type: ignore[arg-type]
            community = Community.objects.order_by("pk").first()
            assert community is not None
        monday = date.today() + timedelta(days=7 - date.today().weekday())
        return {
            "home": "/",
            "communities": "/communautes/",
            "community": f"/communautes/{community.slug}/",
            "results": f"/recherche/?origin={origin}&destination={destination}&date={monday}",
        }

    client = Client(headers={"host": "ouestgo.localhost"})
    bare = _median_ms(client, "/bare/")
    for name, address in addresses(large, "35238", "35047").items():
        yield at_most(
            f"{name} / bare view", ours=_median_ms(client, address), theirs=bare, times=TIMES
        )
    before = {
        name: _queries(Client(headers={"host": "passpass.localhost"}), address)
        for name, address in addresses(small, "59350", "59512").items()
    }
    after = {
        name: _queries(client, address)
        for name, address in addresses(large, "35238", "35047").items()
    }
    for name in before:
        yield equal(f"queries of {name}, few rows / many", ours=after[name], wanted=before[name])
