"""What a new region costs: the template's dump replayed, against migrating an empty schema."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from django.db import connections
from django.test import Client

from tenants import roles
from tenants.migration import schema_migrate
from tenants.provisioning import tenant_remove
from tests.bench.figures import Figure, Options, at_least, below, bench
from tests.factories import provision

ROUNDS = 5
FIRST_PAGE_SECONDS = 1.0


@bench("onboarding")
def onboarding(options: Options) -> Iterator[Figure]:
    """A new region until its first page is served, against migrating its schema."""
    replayed, usable, migrated = [], [], []
    for number in range(options.rows or ROUNDS):
        slug = f"bench-{number}"
        began = time.perf_counter()
        tenant = provision(slug)
        replayed.append(time.perf_counter() - began)
        page = Client(headers={"host": f"{slug}.localhost"}).get("/")
        usable.append(time.perf_counter() - began)
        assert page.status_code == 200, page.status_code
        tenant_remove(tenant)

        schema = f"bench_migrated_{number}"
        began = time.perf_counter()
        schema_migrate(schema)
        migrated.append(time.perf_counter() - began)
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {roles.quote(schema)} CASCADE")
    yield at_least(
        "region made, replay / migrations",
        ours=statistics.median(replayed) * 1000,
        theirs=statistics.median(migrated) * 1000,
        times=5,
    )
    yield below("region made and first page served", ours=max(usable), limit=FIRST_PAGE_SECONDS)
