"""What carries adverts from one region to another: how fast, how soon, and that nothing is lost."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.bench.figures import Figure, Options, below, bench, equal, more_than

EVENTS = 5_000
MISSED = 100_000
"""Events of thirty days in which nothing was projected."""
MOVES = 200
"""Adverts offered, then taken back, while a projector runs."""
KILLS = 1_000
ROOT = Path(__file__).resolve().parents[2]


@bench("projection")
def projection(options: Options) -> Iterator[Figure]:
    """Adverts from the outbox to the pool, thirty days late, within seconds, and through kills."""
    from regions.agreements.models import Agreement
    from rides.pooling.models import pooling_switch
    from tenants.context import tenant_scope
    from tenants.tasks import app
    from tests.bench import matching_data as data
    from tests.factories import provision
    from tests.regions.agreement_help import agree

    # A projector of its own applies the events, as on real servers.
    app.conf.update(task_always_eager=False, broker_url="memory://localhost/")
    ours, theirs = provision("bench"), provision("voisine", regions=["32"])
    assert agree(ours, theirs).state == Agreement.State.IN_FORCE
    with tenant_scope(ours):
        pooling_switch(enabled=True)
        data.write(options.rows or EVENTS)
    yield from _rates(ours)
    yield from _latency(ours, theirs)
    yield from _kills(ours)


def _rates(ours: Any) -> Iterator[Figure]:
    """All adverts at once."""
    from regions.outbox.models import OutboxEvent
    from regions.pool.models import PooledAdvert
    from regions.projection.projector import drain
    from rides.adverts.models import Advert
    from rides.pooling.models import SharedAdvert
    from rides.pooling.services import region_sync
    from tenants.context import platform_scope, tenant_scope

    with tenant_scope(ours):
        now = dt.datetime.now(dt.UTC)
        keys = Advert.objects.filter(same_gender=False).values_list("pk", flat=True)
        SharedAdvert.objects.bulk_create(SharedAdvert(advert_id=key, agreed_at=now) for key in keys)
        began = time.perf_counter()
        count = region_sync()
        recorded = count / (time.perf_counter() - began)
        said = dict(OutboxEvent.objects.values_list("subject", "payload"))
    began = time.perf_counter()
    applied = drain(ours)
    rate = applied / (time.perf_counter() - began)
    with platform_scope(reason="the bench counts"):
        held = PooledAdvert.objects.count()
    yield equal("adverts in the pool, of those shared", ours=held, wanted=count)
    yield more_than("adverts recorded in the outbox, a second", ours=recorded, least=100)
    yield more_than("adverts applied, a second", ours=rate, least=1_000)
    yield from _late(ours, said)


def _late(ours: Any, said: dict[UUID, dict[str, Any]]) -> Iterator[Figure]:
    """A month of changes to the same adverts, applied afterwards."""
    from django.db import transaction

    from regions.outbox.models import OutboxEvent
    from regions.outbox.services import records
    from regions.pool.adverts import KIND, VERSION
    from regions.projection.projector import drain
    from rides.pooling.services import region_sync
    from tenants.context import tenant_scope

    before = _checksum()
    with tenant_scope(ours):
        rounds = -(-MISSED // len(said))
        for number in range(rounds):
            with transaction.atomic():
                payloads = {key: {**one, "seats": 1 + number % 4} for key, one in said.items()}
                records(kind=KIND, version=VERSION, payloads=payloads)
        with transaction.atomic():
            records(kind=KIND, version=VERSION, payloads=said)
        waiting = OutboxEvent.objects.count()
    began = time.perf_counter()
    applied = drain(ours)
    taken = time.perf_counter() - began
    late = _checksum()
    yield more_than("events of thirty days", ours=applied, least=MISSED)
    yield equal("of them applied", ours=applied, wanted=waiting)
    yield more_than("of them applied, a second", ours=applied / taken, least=1_000)
    with tenant_scope(ours):
        region_sync(again=True)
    drain(ours)
    same = before == late == _checksum()
    yield equal("rows as before, late, and made anew: the same checksum", ours=same, wanted=1)


def _checksum() -> str:
    from regions.pool.models import PooledAdvert
    from tenants.context import platform_scope

    names = [
        field.name
        for field in PooledAdvert._meta.concrete_fields
        if field.name not in ("id", "since", "updated_at")
    ]
    digest = hashlib.sha256()
    with platform_scope(reason="the bench compares"):
        for row in PooledAdvert.objects.order_by("tenant", "advert").values_list(*names).iterator():
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _latency(ours: Any, theirs: Any) -> Iterator[Figure]:
    """From the member's click to what the partner region reads, with a projector beside."""
    from django.db import connections

    from regions.pool.queries import pool_get
    from rides.adverts.models import Advert
    from rides.pooling.models import SharedAdvert
    from rides.pooling.services import advert_agree, advert_take_back
    from tenants.context import tenant_scope

    with tenant_scope(ours):
        shared = SharedAdvert.objects.filter(shared=True).order_by("pk")[:MOVES]
        adverts = list(Advert.objects.filter(sharing__in=list(shared)).select_related("author"))
        pools = dict(SharedAdvert.objects.values_list("advert_id", "pool_id"))

    def measured(act: Callable[[Advert], object], *, there: bool) -> list[float]:
        taken = []
        for advert in adverts:
            began = time.perf_counter()
            with tenant_scope(ours):
                act(advert)
            _until(lambda key=pools[advert.pk]: _seen(key) is there)
            taken.append(time.perf_counter() - began)
        return sorted(taken)

    def _seen(key: UUID) -> bool:
        with tenant_scope(theirs):
            return pool_get(key) is not None

    connections.close_all()
    with _projector():
        gone = measured(lambda advert: advert_take_back(advert=advert), there=False)
        back = measured(
            lambda advert: advert_agree(advert=advert, account=advert.author), there=True
        )
    yield below("from the click to the partner region, p95", ours=_high(back, 95), limit=2)
    yield below("from taking back to gone there, p99", ours=_high(gone, 99), limit=60)


def _high(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _until(done: Callable[[], bool], *, seconds: float = 60) -> None:
    """Ask again and again, and give up after ``seconds``."""
    ends = time.perf_counter() + seconds
    while not done():
        if time.perf_counter() > ends:
            raise TimeoutError("the partner region did not follow")
        time.sleep(0.01)


@contextlib.contextmanager
def _projector() -> Iterator[None]:
    """``manage.py project`` beside, on the same database."""
    from django.db import connections

    environment = dict(os.environ)
    for alias, name in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        at = connections[alias].settings_dict
        environment[name] = (
            f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
        )
    process = subprocess.Popen([sys.executable, "manage.py", "project"], cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _kills(ours: Any) -> Iterator[Figure]:
    """Projectors killed at three points, one after the other."""
    from django.db import connections

    from regions.projection.handlers import HANDLERS, Handler
    from tests.regions import test_projection as told

    HANDLERS.register(Handler(name="test", versions=(1,), apply=told.write))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {told.TABLE} (n serial, tenant int, subject uuid, sequence int)"
        )
    told.storm(ours, kills=KILLS)
    yield equal("projectors killed, nothing lost nor doubled", ours=KILLS, wanted=KILLS)
