"""What communities bring to the region's statistics."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from regions.statistics.catalogue import (
    ACTIVITIES,
    BELONGINGS,
    MEASURES,
    SOURCES,
    Activity,
    Belonging,
    Kind,
    Measure,
    Source,
    Unit,
)
from regions.statistics.disclosure import K
from regions.statistics.measures import MONTHLY

# Each of them is of K people or more, not only all of an area together.
_HELD: Final = f"""
SELECT c.id AS thing, m.account_id AS person, c.municipality_code AS area,
       (c.created_at AT TIME ZONE %(zone)s)::date AS since, NULL::date AS until
  FROM communities_community c
  JOIN communities_membership m ON m.community_id = c.id AND m.status = 'accepted'
 WHERE c.is_active AND c.id IN (
        SELECT community_id FROM communities_membership
         WHERE status = 'accepted' GROUP BY 1 HAVING count(*) >= {K})
"""
_JOINED: Final = """
SELECT (m.accepted_at AT TIME ZONE %(zone)s)::date AS day, m.account_id AS person
  FROM communities_membership m WHERE m.status = 'accepted'
"""
_BELONGS: Final = """
SELECT c.public_id::text AS community, c.name::text AS label, m.account_id AS person,
       (m.accepted_at AT TIME ZONE %(zone)s)::date AS since
  FROM communities_community c
  JOIN communities_membership m ON m.community_id = c.id AND m.status = 'accepted'
 WHERE c.is_active
"""


def register() -> None:
    """Put communities in the catalogue."""
    SOURCES.register(
        Source(
            name="communities",
            kind=Kind.HELD,
            records=lambda: _HELD,
            carries=("communities",),
            order=80,
        )
    )
    ACTIVITIES.register(Activity(name="communities", records=_JOINED))
    BELONGINGS.register(Belonging(name="communities", records=_BELONGS))
    MEASURES.register(
        Measure(
            name="communities",
            label=_("Active communities"),
            definition=_(
                "Communities of six members or more that are open on the last day of the period."
            ),
            method=_("Each counts in its own municipality. Smaller ones do not count."),
            unit=Unit.COUNT,
            source="communities",
            amounts=("communities",),
            freshness=MONTHLY,
            origin=_("Communities of the region’s service."),
            additive=False,
            order=120,
        )
    )
