"""The boundary at full count: a storm of cancels, and one connection that visits every region."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
from django.db import connection

from tenants.context import each_tenant
from tests.bench.figures import Figure, Options, below, bench, equal, more_than
from tests.factories import provision
from tests.tenancy.storms import cancel_storm

READS = 76_471
"""As many as the stock backend was given, which answered 8 of them from the wrong region."""
REGIONS = 60
MEGABYTES = 96
"""A connection is closed after a minute (CONN_MAX_AGE), and a process has one per thread."""


@bench("isolation")
def isolation(options: Options) -> Iterator[Figure]:
    """A storm of cancels at full count, and the memory of a connection that visits 60 regions."""
    a, b = provision("storm-a"), provision("storm-b")
    storm = cancel_storm(a, b, reads=options.rows or READS)
    yield equal(f"wrong answers in {storm.reads} reads", ours=len(storm.wrong), wanted=0)
    yield more_than("reads cut off by the storm", ours=storm.interrupted, least=100)
    for number in range(REGIONS - 2):
        provision(f"fleet-{number}")
    connection.close()
    sizes = []
    for tenant in each_tenant():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s", [tenant.schema_name]
            )
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT * FROM "{table}" LIMIT 1')
        sizes.append(_megabytes())
    yield below(
        f"memory of a connection after {len(sizes)} regions",
        ours=sizes[-1],
        limit=MEGABYTES,
        unit="MB",
    )


def _megabytes() -> float:
    """Memory that the connection's own server process shares with no other."""
    pid = connection.connection.info.backend_pid
    return float(psutil.Process(pid).memory_full_info().uss) / 1e6
