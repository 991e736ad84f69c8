"""Events of kind ``advert``: what they say, and how they become rows of the read model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, TypedDict
from uuid import UUID

from django.db import connection

from regions.outbox.services import records
from regions.pool import tasks
from regions.pool.checks import check_advert
from regions.projection.handlers import Event
from tenants.models import Tenant

KIND: Final = "advert"
VERSION: Final = 1
GONE: Final[dict[str, Any]] = {"gone": True}


class AdvertPayload(TypedDict):
    """Version 1: an advert as partners may know it. Dates and times are ISO text, or null."""

    alias: str
    role: str
    kind: str
    seats: int
    zone: str
    origin_code: str
    destination_code: str
    departments: list[str]
    line: list[float]
    keys: list[int]
    week: list[int]
    plane_x: float
    plane_y: float
    plane_z: float
    date: str | None
    time: str | None
    return_date: str | None
    return_time: str | None
    valid_from: str | None
    valid_until: str | None
    school_holidays: bool
    public_holidays: bool
    cents_per_km: int
    wheelchair: bool
    exceptions: list[int]
    pools: list[str]
    """Pooled communities it is published in; events recorded before it was said: none."""
    withheld: list[int]
    """Keys of regions from which the author keeps it; events recorded before it was said: none."""


_TYPES: Final = {
    "alias": "text",
    "role": "text",
    "kind": "text",
    "seats": "smallint",
    "zone": "text",
    "origin_code": "text",
    "destination_code": "text",
    "departments": "text[]",
    "line": "float8[]",
    "keys": "bigint[]",
    "week": "int[]",
    "plane_x": "float8",
    "plane_y": "float8",
    "plane_z": "float8",
    "date": "date",
    "time": "time",
    "return_date": "date",
    "return_time": "time",
    "valid_from": "date",
    "valid_until": "date",
    "school_holidays": "boolean",
    "public_holidays": "boolean",
    "cents_per_km": "smallint",
    "wheelchair": "boolean",
    "exceptions": "int[]",
    "pools": "uuid[]",
    "withheld": "bigint[]",
}
_COLUMNS: Final = ", ".join(_TYPES)
_SAID: Final = ", ".join(
    f"coalesce({name}, '{{}}')" if name in {"pools", "withheld"} else name for name in _TYPES
)
_WRITE: Final = f"""
INSERT INTO pool_pooledadvert (tenant_id, advert, {_COLUMNS})
SELECT %s, advert, {_SAID} FROM jsonb_to_recordset(%s::jsonb)
    AS e(advert uuid, {", ".join(f"{name} {kind}" for name, kind in _TYPES.items())})
    ON CONFLICT (tenant_id, advert) DO UPDATE SET updated_at = now(),
       {", ".join(f"{name} = excluded.{name}" for name in _TYPES)}
"""


def adverts_share(payloads: dict[UUID, AdvertPayload]) -> None:
    """Record what partners may know of adverts of the current region, in its transaction."""
    said = {advert: dict(payload) for advert, payload in payloads.items()}
    records(kind=KIND, version=VERSION, payloads=said, replaces=True)


def adverts_withdraw(adverts: Sequence[UUID]) -> None:
    """Record that adverts are no longer shared: partners lose them within seconds."""
    records(kind=KIND, version=VERSION, payloads=dict.fromkeys(adverts, GONE), replaces=True)


def apply(tenant: Tenant, events: Sequence[Event]) -> None:
    """Bring the read model to what the events say (the projector's handler).

    Partners hear of what appeared or changed after the commit, by one task a batch. Raises
    ``SenselessAdvertError``.
    """
    gone = [event.subject for event in events if event.payload.get("gone")]
    rows = [
        {**event.payload, "advert": str(event.subject)}
        for event in events
        if not event.payload.get("gone")
    ]
    for row in rows:
        check_advert(row)
    with connection.cursor() as cursor:
        if gone:
            cursor.execute(
                "DELETE FROM pool_pooledadvert WHERE tenant_id = %s AND advert = ANY(%s)",
                [tenant.pk, gone],
            )
        if rows:
            cursor.execute(_WRITE, [tenant.pk, json.dumps(rows)])
            tasks.arrived.enqueue(region=tenant.pk, adverts=[row["advert"] for row in rows])
