"""What publishing an advert costs, and what a page of results costs beside its rides."""

from __future__ import annotations

import datetime as dt
import statistics
import time
import uuid
from collections.abc import Iterator
from typing import Any

from django.test import Client

from tests.bench.figures import Figure, Options, at_most, below, bench

TIMES = 60
ROWS = 100_000
LIMIT_MS = 5.0
ROUTES = {"36 km": "35360", "100 km": "44109"}
"""From Rennes, and how long that is."""


@bench("publish")
def publish(options: Options) -> Iterator[Figure]:
    """Publishing over a bare insert of the same row; the results page over its rows alone."""
    from tenants.context import tenant_scope
    from tenants.tasks import app
    from tests.bench import matching_data as data
    from tests.factories import make_account, provision

    # What follows a publication (alerts) is a worker's work, as on real servers.
    app.conf.update(task_always_eager=False, broker_url="memory://localhost/")
    region = provision("bench", name="Banc", regions=["53", "52"])
    with tenant_scope(region):
        data.write(options.rows or ROWS)
        author = make_account()
        for metres, destination in ROUTES.items():
            ours, bare = _published(author, destination), _inserted()
            yield below(
                f"publishing {metres}, index included, over a bare insert",
                ours=ours - bare,
                limit=LIMIT_MS,
                unit="ms",
            )
        whole, rows = _pages()
        yield at_most(
            "page of results / the same rows, not searched", ours=whole, theirs=rows, times=3.0
        )


def _published(author: Any, destination: str) -> float:
    """Median milliseconds of the service, checks and index included."""
    from rides.adverts.inputs import Place, Slot, Weekly
    from rides.adverts.services import advert_publish

    taken = []
    for _ in range(TIMES):
        week = Weekly([Slot(day, dt.time(7, 40), dt.time(17, 30)) for day in range(5)])
        began = time.perf_counter()
        advert_publish(
            author=author,
            role="driver",
            origin=Place("35238"),
            destination=Place(destination),
            planning=week,
            seats=3,
        )
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _inserted() -> float:
    """Median milliseconds to insert the same rows, without checks and without keys."""
    from django.db import transaction

    from rides.adverts.models import Advert, Schedule

    made = Advert.objects.order_by("-pk")[0]
    slots = list(made.schedules.all())
    taken = []
    for _ in range(TIMES):
        made.pk, made.public_id, made.keys, made.week = None, uuid.uuid4(), [], []
        made._state.adding = True
        rows = [_unsaved(slot) for slot in slots]
        began = time.perf_counter()
        with transaction.atomic():
            made.save(force_insert=True)
            for row in rows:
                row.advert = made
            Schedule.objects.bulk_create(rows)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _unsaved(slot: Any) -> Any:
    """The same slot, not saved yet."""
    return type(slot)(weekday=slot.weekday, time=slot.time, return_time=slot.return_time)


def _pages() -> tuple[float, float]:
    """Median milliseconds of the page, and what is left of it without finding the rides."""
    from regions.territories.queries import municipalities_get
    from rides.search.queries import best_matches
    from rides.search.rules import search_query

    day = dt.date.today() + dt.timedelta(days=7 - dt.date.today().weekday())
    client = Client(headers={"host": "bench.localhost"})
    address = f"/recherche/?origin_code=35238&destination_code=35360&date={day}"
    places = municipalities_get(["35238", "35360"])
    query = search_query(origin=places["35238"], destination=places["35360"], day=day)
    now = dt.datetime.now(dt.UTC)
    pages, searches = [], []
    for turn in range(TIMES + 5):
        began = time.perf_counter()
        assert client.get(address).status_code == 200
        between = time.perf_counter()
        best_matches(query, now=now)
        if turn >= 5:
            pages.append((between - began) * 1000)
            searches.append((time.perf_counter() - between) * 1000)
    whole = statistics.median(pages)
    return whole, whole - statistics.median(searches)
