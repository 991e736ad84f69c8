"""What counting and publishing a month costs, and how an attacker fares in many worlds."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, Options, below, bench, equal, more_than

REGIONS = 20
WORKERS = 2
PEOPLE = 35_000
"""Of each region, as the demo at full scale; the rest in proportion."""
LIMIT_S = 60.0
MEMORY_MB = 256.0
MONTH = dt.date(2026, 10, 1)
TODAY = dt.date(2026, 11, 12)
WORLDS = 2_000


@bench("statistics")
def statistics(options: Options) -> Iterator[Figure]:
    """A month of 20 regions at full scale: counted, cut into cells that give nobody away, shown."""
    from regions.observatory.models import PublishedCell
    from regions.statistics.models import Fact, Release
    from tenants.context import platform_scope, tenant_scope
    from tenants.tasks import app
    from tests.factories import provision

    # The projector is measured by itself, as it runs on real servers.
    app.conf.update(task_always_eager=False, broker_url="memory://localhost/")
    people = options.rows or PEOPLE
    regions = [provision(f"banc{number}", regions=["53", "52"]) for number in range(REGIONS)]
    written = int(_apart([lambda: _fill_all(regions, people)], options.folder)[0]["rows"])
    began = time.perf_counter()
    done = _apart(
        [lambda part=regions[n::WORKERS]: _work(part) for n in range(WORKERS)], options.folder
    )
    whole = time.perf_counter() - began
    yield below(f"{REGIONS} regions in {WORKERS} workers", ours=whole, limit=LIMIT_S)
    for name in ("count", "publish", "show"):
        spent = sum(one[name] for one in done)
        yield below(f"of which, of all workers: {name}", ours=spent, limit=LIMIT_S * WORKERS)
    memory = max(one["memory"] for one in done)
    yield below("memory of a worker beside its start's", ours=memory, limit=MEMORY_MB, unit="MB")
    yield more_than("rows of each region", ours=written, least=people)
    with tenant_scope(regions[-1]):
        yield more_than("facts of one region", ours=Fact.objects.count(), least=people // 10)
        sources = Release.objects.count()
    with platform_scope(reason="the bench counts"):
        cells = PublishedCell.objects.count()
    yield more_than("sources published, of one region", ours=sources, least=7)
    yield more_than("cells published, of all", ours=cells, least=REGIONS * 10)


def _apart(jobs: list[Callable[[], dict[str, float]]], folder: Path) -> list[dict[str, float]]:
    """Do each job in a process of its own, as workers do; their memory is theirs alone."""
    from django.db import connections

    connections.close_all()
    children = []
    for number, job in enumerate(jobs):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                (folder / f"{number}.json").write_text(json.dumps(job()))
                connections.close_all()
                status = 0
            except Exception:
                traceback.print_exc()
            finally:  # whatever ends it, a child never goes on as its parent would
                os._exit(status)
        children.append(child)
    failed = [child for child in children if os.waitpid(child, 0)[1]]
    assert not failed, "a worker failed"
    return [json.loads((folder / f"{number}.json").read_text()) for number in range(len(jobs))]


def _work(regions: list[Any]) -> dict[str, float]:
    """Count and publish, one region after the other; returns seconds, and megabytes at the most."""
    from regions.projection.services import region_project
    from regions.statistics.facts import facts_refresh
    from regions.statistics.services import months_release
    from tenants.context import tenant_scope

    Path("/proc/self/clear_refs").write_text("5")  # the peak of what came before
    before = _peak_mb()
    spent = {"count": 0.0, "publish": 0.0, "show": 0.0}
    for region in regions:
        marks = [time.perf_counter()]
        with tenant_scope(region):
            facts_refresh(today=TODAY)
            marks.append(time.perf_counter())
            months_release(today=TODAY, since=MONTH)
            marks.append(time.perf_counter())
        region_project(region)
        marks.append(time.perf_counter())
        for name, one, two in zip(spent, marks, marks[1:], strict=False):
            spent[name] += two - one
    return {**spent, "memory": _peak_mb() - before}


def _fill_all(regions: list[Any], people: int) -> dict[str, float]:
    """Fill one region, and the others alike."""
    from django.db import connections

    from tenants.context import tenant_scope

    with tenant_scope(regions[0]):
        written = _fill(people)
    with connections["owner"].cursor() as cursor:
        for other in regions[1:]:
            _copy(cursor, regions[0].schema_name, other.schema_name)
    return {"rows": written}


@bench("disclosure", database=False)
def disclosure(options: Options) -> Iterator[Figure]:
    """The attacker subtracts everything from everything, in many worlds and their neighbours."""
    from tests.regions import test_disclosure as attack

    count = options.rows or WORLDS
    found, won = 0, 0
    for seed in range(count):
        found += sum(len(attack.gives_away(one)) for one in attack.around(seed))
        if seed % 10 == 0:
            won += bool(attack.gives_away(attack.world(seed), complementary=False))
    yield equal(f"cells of few people recovered in {count * 3} worlds", ours=found, wanted=0)
    yield more_than("without complementary suppression, worlds lost", ours=won, least=count / 40)


def _peak_mb() -> float:
    """The most memory that this process has held."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM")


def _fill(people: int) -> int:
    """A region of so many people, with what belongs to them; returns how many rows were written."""
    from communities.communities.models import Community, Membership
    from core.accounts.models import Account
    from deploy.demo.bulk import insert
    from regions.territories.models import Municipality
    from rides.journeys.models import Journey

    draw = random.Random(5)
    towns = list(
        Municipality.objects.filter(region__in=["53", "52"], population__gt=0).order_by("code")
    )
    weights = list(accumulate(town.population or 0 for town in towns))
    then = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
    accounts = [
        Account(
            email=f"personne{number}@example.org",
            password="!",
            residence_code=draw.choices(towns, cum_weights=weights)[0].code,
            created_at=then + dt.timedelta(hours=number % 6000),
        )
        for number in range(people)
    ]
    Account.objects.bulk_create(accounts, batch_size=2000)
    communities = [_community(number, draw.choice(towns), then) for number in range(people // 100)]
    Community.objects.bulk_create(communities)
    memberships = [
        Membership(
            account=account,
            community=communities[(number * 7 + extra * 31) % len(communities)],
            status="accepted",
            joined_at=account.created_at,
            accepted_at=account.created_at,
        )
        for number, account in enumerate(accounts)
        for extra in range(2)
    ]
    Membership.objects.bulk_create(memberships, batch_size=5000)
    adverts = [_advert(account, draw.choice(towns).code) for account in accounts + accounts[::3]]
    insert(adverts)
    near: dict[str, list[Account]] = {}
    for account in accounts:
        near.setdefault(account.residence_code, []).append(account)
    journeys = [
        Journey(
            driver=driver,
            passenger=passenger,
            status="validated",
            day=day,
            backwards=backwards,
            time=leaves,
            departs_at=dt.datetime.combine(day, leaves, tzinfo=dt.UTC),
            arrives_at=dt.datetime.combine(day, leaves, tzinfo=dt.UTC),
            origin_label="",
            destination_label="",
            origin_code=driver.residence_code,
            seats=1,
            metres=draw.randrange(3_000, 70_000),
            price_cents=0,
        )
        for driver in accounts[::5]
        if (passenger := draw.choice(near[driver.residence_code])).pk != driver.pk
        for leaves in (dt.time(draw.randrange(5, 20)),)
        for day in (MONTH + dt.timedelta(days=7 * week - 28) for week in range(9))
        for backwards in (False, True)
    ]
    insert(journeys)
    return sum(map(len, (accounts, communities, memberships, adverts, journeys)))


def _community(number: int, town: Any, then: dt.datetime) -> Any:
    from communities.communities.models import Community

    return Community(
        slug=f"c{number}",
        name=f"C{number}",
        name_key=f"c{number}",
        search_key="",
        kind="organisation",
        place_label="",
        municipality_code=town.code,
        lat=0.0,
        lon=0.0,
        created_at=then,
        updated_at=then,
    )


def _advert(author: Any, code: str) -> Any:
    from rides.adverts.models import Advert

    nowhere = dict.fromkeys(
        ("south", "west", "north", "east", "plane_x", "plane_y", "plane_z"), 0.0
    )
    ends = {f"{end}_{axis}": 0.0 for end in ("origin", "destination") for axis in ("lat", "lon")}
    return Advert(
        public_id=uuid.uuid4(),
        author=author,
        role="driver",
        kind="regular",
        seats=3,
        zone="Europe/Paris",
        origin_code=code,
        destination_code=code,
        valid_from=dt.date(2026, 2, 1),
        valid_until=dt.date(2027, 2, 1),
        created_at=author.created_at,
        updated_at=author.created_at,
        **nowhere,
        **ends,
    )


def _copy(cursor: Any, one: str, other: str) -> None:
    """The same rows in another region: it costs what it costs whatever they say."""
    for table in (
        "accounts_account",
        "communities_community",
        "communities_membership",
        "adverts_advert",
        "journeys_journey",
    ):
        cursor.execute(
            f"INSERT INTO {other}.{table} SELECT * FROM {one}.{table} "
            f"WHERE id NOT IN (SELECT id FROM {other}.{table})"
        )
        cursor.execute(f"ANALYZE {other}.{table}")
        cursor.execute(f"ANALYZE {one}.{table}")
