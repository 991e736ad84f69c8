"""Storms: short in the suite, at full count in ``manage.py bench isolation``."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field

import psycopg
from django.db import connection
from django.db.utils import InternalError, OperationalError

from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.tenancy.sql import mark, read_mark


@dataclass(slots=True)
class Storm:
    """What came of it."""

    reads: int = 0
    interrupted: int = 0
    cancels: int = 0
    wrong: list[str] = field(default_factory=list)


def cancel_storm(
    a: Tenant, b: Tenant, *, seconds: float = float("inf"), reads: float = float("inf")
) -> Storm:
    """Read in two regions in turn while another session cancels at random moments.

    Ends after ``seconds`` or ``reads``, whichever comes first. Both regions must be committed. The
    stock backend answered wrong 8 times in 76 471 reads under this storm.
    """
    for tenant in (a, b):
        with tenant_scope(tenant):
            mark(tenant.slug)
    storm, stop, pid = Storm(), threading.Event(), [0]
    thread = threading.Thread(
        target=_cancel, args=(storm, stop, pid, dict(connection.settings_dict))
    )
    thread.start()
    turn, until = random.Random(7), time.monotonic() + seconds
    try:
        while time.monotonic() < until and storm.reads < reads:
            tenant = turn.choice((a, b))
            with tenant_scope(tenant):
                try:
                    connection.ensure_connection()
                    pid[0] = connection.connection.info.backend_pid
                    found = read_mark()
                except (OperationalError, InternalError, psycopg.Error):
                    storm.interrupted += 1
                    continue
                storm.reads += 1
                if found != tenant.slug:
                    storm.wrong.append(f"{found} instead of {tenant.slug}")
    finally:
        stop.set()
        thread.join()
    return storm


def _cancel(
    storm: Storm, stop: threading.Event, pid: list[int], settings: dict[str, object]
) -> None:
    with psycopg.connect(
        host=str(settings["HOST"]),
        port=str(settings["PORT"]),
        user=str(settings["USER"]),
        password=str(settings["PASSWORD"]),
        dbname=str(settings["NAME"]),
        autocommit=True,
    ) as other:
        chance = random.Random(5)
        while not stop.is_set():
            if pid[0]:
                other.execute("SELECT pg_cancel_backend(%s)", [pid[0]])
                storm.cancels += 1
            time.sleep(chance.random() * 0.002)
