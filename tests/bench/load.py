"""Two large regions under load: the time to fill them, then 50 requests a second for a minute."""

from __future__ import annotations

import http.client
import queue
import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.bench.figures import Figure, Options, below, bench, equal
from tests.bench.served.serving import served
from tests.factories import provision

PER_SECOND = 50
SECONDS = 60
P95_MS = 300.0
FILLED_IN_S = 300.0
CLIENTS = 32
"""Connections; a request that finds none free waits, and its wait counts."""
REGIONS = (("ouestgo", "OuestGo", ["53", "52"]), ("passpass", "Pass Pass covoiturage", ["32"]))


class Request(NamedTuple):
    """One request: its host, its address, and when it is due (seconds from the start)."""

    host: str
    path: str
    due: float


@dataclass(slots=True)
class Answers:
    """What came back; times are from when a request was due to the end of its answer."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@bench("load")
def load(options: Options) -> Iterator[Figure]:
    """Fill two regions at full scale, then visit both as people do, at a fixed rate."""
    from deploy.demo import data

    tenants = [provision(slug, name=name, regions=codes) for slug, name, codes in REGIONS]
    began = time.perf_counter()
    data.load(scale="full")
    yield below("both regions filled", ours=time.perf_counter() - began, limit=FILLED_IN_S)
    chance = random.Random(11)
    visits = [path for tenant in tenants for path in _addresses(tenant, chance)]
    count = options.rows or PER_SECOND * SECONDS
    planned = [Request(*chance.choice(visits), due=number / PER_SECOND) for number in range(count)]
    with served(workers=2) as port:
        _visit(port, [Request(*one, due=0.0) for one in visits[:: len(visits) // 40]])  # warm
        answers = _visit(port, planned)
    ordered = sorted(answers.milliseconds)
    yield equal("errors", ours=len(answers.errors), wanted=0)
    yield below("median", ours=ordered[len(ordered) // 2], limit=P95_MS, unit="ms")
    yield below("95th of 100", ours=ordered[len(ordered) * 95 // 100], limit=P95_MS, unit="ms")
    if answers.errors:
        raise AssertionError(answers.errors[:5])


def _addresses(tenant: Tenant, chance: random.Random) -> list[tuple[str, str]]:
    """Addresses as people visit them: mostly searches, then pages, then letters as they type."""
    from communities.communities.models import Community
    from regions.territories.models import Municipality
    from rides.adverts.models import Advert

    with tenant_scope(tenant):
        codes = next(codes for slug, _name, codes in REGIONS if slug == tenant.slug)
        towns = list(Municipality.objects.filter(region__in=codes).order_by("-population")[:60])
        slugs = list(Community.objects.values_list("slug", flat=True)[:60])
        adverts = list(
            Advert.objects.filter(status="active").values_list("public_id", flat=True)[:60]
        )
    tomorrow = date.today() + timedelta(days=1)
    found = []
    for number in range(240):
        start, end = chance.sample(towns, 2)
        when = {"regular": "on"} if number % 2 else {"date": str(tomorrow + timedelta(number % 7))}
        ends = {
            "origin": start.label,
            "origin_code": start.code,
            "destination": end.label,
            "destination_code": end.code,
        }
        found.append(f"/recherche/?{urlencode(ends | when)}")
    found += ["/"] * 90 + ["/communautes/"] * 60
    found += [f"/communautes/{slug}/" for slug in slugs]
    found += [f"/annonces/{one}/" for one in adverts]
    found += [f"/api/v1/municipalities/?{urlencode({'q': town.name[:4]})}" for town in towns]
    return [(f"{tenant.slug}.localhost", path) for path in found]


def _visit(port: int, planned: Sequence[Request]) -> Answers:
    """Send each request when it is due, whether or not the ones before were answered."""
    answers, waiting = Answers(), queue.SimpleQueue[Request | None]()
    began = time.perf_counter()

    def client() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (one := waiting.get()) is not None:
            try:
                link.request("GET", one.path, headers={"Host": one.host})
                answer = link.getresponse()
                answer.read()
                if answer.status != 200:
                    answers.errors.append(f"{answer.status} {one.host}{one.path}")
            except (OSError, http.client.HTTPException) as error:
                answers.errors.append(f"{error!r} {one.host}{one.path}")
                link.close()
            answers.milliseconds.append((time.perf_counter() - began - one.due) * 1000)
        link.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for one in planned:
        time.sleep(max(0.0, began + one.due - time.perf_counter()))
        waiting.put(one)
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()
    return answers
