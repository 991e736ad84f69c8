"""Events of kind ``community``: what they say, and how they become rows of the read model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict
from uuid import UUID

from django.db import connection

from regions.outbox.services import records
from regions.projection.handlers import Event
from regions.territories.names import fold
from tenants.models import Tenant

KIND: Final = "community"
VERSION: Final = 1
GONE: Final[dict[str, Any]] = {"gone": True}


class CommunityPayload(TypedDict):
    """Version 1: an open community as partners may find it; no street, no member's name."""

    slug: str
    name: str
    kind: str
    municipality_code: str
    members: int | None
    """Registrations of active accounts; None: not pooled."""
    moderators: list[str]
    """As others see them (« Pierre L. »); of a pooled community that hides nobody."""


_WRITE: Final = """
INSERT INTO pooled_listedcommunity (tenant_id, community, slug, name, name_key, kind,
                                    municipality_code, department, members, moderators)
SELECT %s, community, slug, name, name_key, kind, municipality_code, department, members, moderators
  FROM jsonb_to_recordset(%s::jsonb) AS e(
       community uuid, slug text, name text, name_key text, kind text, municipality_code text,
       department text, members int, moderators text[])
    ON CONFLICT (tenant_id, community) DO UPDATE SET updated_at = now(),
       slug = excluded.slug, name = excluded.name, name_key = excluded.name_key,
       kind = excluded.kind, municipality_code = excluded.municipality_code,
       department = excluded.department, members = excluded.members,
       moderators = excluded.moderators
"""


def communities_tell(payloads: Mapping[UUID, CommunityPayload]) -> None:
    """Record what partners may know of communities of the current region, in its transaction."""
    said = {community: dict(payload) for community, payload in payloads.items()}
    records(kind=KIND, version=VERSION, payloads=said, replaces=True)


def communities_withdraw(communities: Sequence[UUID]) -> None:
    """Record that communities are no longer listed."""
    records(kind=KIND, version=VERSION, payloads=dict.fromkeys(communities, GONE), replaces=True)


def apply(tenant: Tenant, events: Sequence[Event]) -> None:
    """Bring the read model to what the events say (the projector's handler)."""
    gone = [event.subject for event in events if event.payload.get("gone")]
    rows = [
        {
            **event.payload,
            "community": str(event.subject),
            "name_key": fold(event.payload["name"]),
            "department": department_of(event.payload["municipality_code"]),
        }
        for event in events
        if not event.payload.get("gone")
    ]
    with connection.cursor() as cursor:
        if gone:
            cursor.execute(
                "DELETE FROM pooled_listedcommunity WHERE tenant_id = %s AND community = ANY(%s)",
                [tenant.pk, gone],
            )
        if rows:
            cursor.execute(_WRITE, [tenant.pk, json.dumps(rows)])


def department_of(code: str) -> str:
    """The département of a municipality's INSEE code; three characters overseas."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]
