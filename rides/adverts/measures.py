"""What adverts bring to the region's statistics."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from regions.statistics.catalogue import (
    ACTIVITIES,
    MEASURES,
    SOURCES,
    TENS,
    Activity,
    Kind,
    Measure,
    Source,
    Unit,
)
from regions.statistics.measures import MONTHLY

_HELD: Final = """
SELECT a.id AS thing, a.author_id AS person, a.origin_code AS area,
       (a.created_at AT TIME ZONE %(zone)s)::date AS since,
       coalesce(a.valid_until, a.return_date, a.date) AS until
  FROM adverts_advert a JOIN accounts_account o ON o.id = a.author_id AND o.is_active
 WHERE a.status = 'active'
"""
_PUBLISHED: Final = """
SELECT (a.created_at AT TIME ZONE %(zone)s)::date AS day, a.author_id AS person
  FROM adverts_advert a
"""


def register() -> None:
    """Put adverts in the catalogue."""
    SOURCES.register(
        Source(
            name="adverts",
            kind=Kind.HELD,
            records=lambda: _HELD,
            carries=("active_adverts",),
            round_to=TENS,
            order=30,
        )
    )
    ACTIVITIES.register(Activity(name="adverts", records=_PUBLISHED))
    MEASURES.register(
        Measure(
            name="active_adverts",
            label=_("Active ride adverts"),
            definition=_(
                "Rides offered or looked for that are online on the last day of the period. A ride "
                "with a return counts once."
            ),
            method=_(
                "Each counts in the municipality of departure, if it lies in the region’s "
                "territory. Paused and deleted ones, and those "
                "whose last day is over, do not count. Rounded to the nearest ten."
            ),
            unit=Unit.COUNT,
            source="adverts",
            amounts=("active_adverts",),
            freshness=MONTHLY,
            origin=_("Adverts of the region’s service."),
            additive=False,
            order=40,
        )
    )
