"""The read model of published figures: written by the projector, from releases of regions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Final

from django.db import connection

from regions.observatory.models import PublishedMonth
from regions.projection.handlers import Event
from tenants.models import Tenant

_FORGET: Final = """
DELETE FROM observatory_publishedcell
 WHERE tenant_id = %s AND source = %s AND start >= %s AND start < %s + interval '1 month'
"""
# Names and départements of areas are those of the national register, on the day it is projected.
_WRITE: Final = """
WITH given AS (
    SELECT c->>0 AS amount, c->>1 AS grain, (c->>2)::date AS start, c->>3 AS kind, c->>4 AS code,
           c->>5 AS label, (c->>6)::bigint AS value
      FROM jsonb_array_elements(%s::jsonb) AS c
), lies AS (
    SELECT a.kind, a.code, l.label, l.departments
      FROM (SELECT DISTINCT kind, code FROM given) a CROSS JOIN LATERAL (
        SELECT name AS label, ARRAY[departement] AS departments
          FROM territories_municipality WHERE a.kind = 'municipality' AND code = a.code
        UNION ALL
        SELECT min(intercommunality_name), array_agg(DISTINCT departement)
          FROM territories_municipality
         WHERE a.kind = 'intercommunality' AND intercommunality_code = a.code HAVING count(*) > 0
        UNION ALL
        SELECT name, ARRAY[code] FROM territories_departement
         WHERE a.kind = 'departement' AND code = a.code
        UNION ALL
        SELECT r.name, ARRAY(SELECT d.code FROM territories_departement d WHERE d.region = r.code)
          FROM territories_administrativeregion r
         WHERE a.kind = 'administrative' AND r.code = a.code
      ) l
)
INSERT INTO observatory_publishedcell
       (tenant_id, source, amount, grain, start, kind, code, label, departments, value)
SELECT %s, %s, g.amount, g.grain, g.start, g.kind, g.code, coalesce(l.label, g.label),
       l.departments, g.value
  FROM given g LEFT JOIN lies l USING (kind, code)
"""


def apply(tenant: Tenant, events: Sequence[Event]) -> None:
    """Write what releases say (the projector's handler); a release told again replaces itself."""
    with connection.cursor() as cursor:
        for event in events:
            source, month = event.payload["source"], dt.date.fromisoformat(event.payload["month"])
            PublishedMonth.objects.get_or_create(tenant_id=tenant.pk, source=source, month=month)
            cursor.execute(_FORGET, [tenant.pk, source, month, month])
            cursor.execute(_WRITE, [json.dumps(event.payload["cells"]), tenant.pk, source])
