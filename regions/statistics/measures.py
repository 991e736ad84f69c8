"""What this floor counts itself: registered and active people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regions.statistics.catalogue import (
    ACTIVITIES,
    MEASURES,
    SOURCES,
    TENS,
    Kind,
    Measure,
    Source,
    Unit,
)

MONTHLY = _("Once a month, for the whole month before, from the 10th on; never revised.")
BY_RESIDENCE = _(
    "Everyone counts in the municipality they live in, as their profile says; those who live "
    "outside the region’s territory do not count. Rounded to the nearest ten."
)
REGISTERED = """
SELECT a.id AS thing, a.id AS person, a.residence_code AS area,
       (a.created_at AT TIME ZONE %(zone)s)::date AS since, NULL::date AS until
  FROM accounts_account a WHERE a.is_active
"""


def active_records() -> str:
    """Return all reasons to count somebody as active, as one SELECT; nobody when there is none."""
    reasons = " UNION ALL ".join(f"({activity.records})" for activity in ACTIVITIES)
    return f"""
SELECT DISTINCT s.day, s.person, a.residence_code AS area
  FROM ({reasons or "SELECT NULL::date AS day, NULL::bigint AS person WHERE false"}) s
  JOIN accounts_account a ON a.id = s.person AND a.guest_from = ''
"""


def register() -> None:
    """Put them in the catalogue."""
    SOURCES.register(
        Source(
            name="registered",
            kind=Kind.HELD,
            records=lambda: REGISTERED,
            carries=("registered",),
            round_to=TENS,
            communities=True,
            order=10,
        )
    )
    SOURCES.register(
        Source(
            name="active",
            kind=Kind.SEEN,
            records=active_records,
            carries=("active_members",),
            round_to=TENS,
            communities=True,
            order=20,
        )
    )
    MEASURES.register(
        Measure(
            name="registered",
            label=_("People registered"),
            definition=_(
                "People who have an account in the region on the last day of the period. Deleted "
                "and suspended accounts do not count."
            ),
            method=BY_RESIDENCE,
            unit=Unit.PEOPLE,
            source="registered",
            amounts=("registered",),
            freshness=MONTHLY,
            origin=_("Accounts of the region’s service."),
            additive=False,
            order=10,
        )
    )
    MEASURES.register(
        Measure(
            name="active_members",
            label=_("Active people"),
            definition=_(
                "Different people who, during the period, published a ride, asked for one or "
                "shared one, or came into a community."
            ),
            method=BY_RESIDENCE,
            unit=Unit.PEOPLE,
            source="active",
            amounts=("active_members",),
            freshness=MONTHLY,
            origin=_("What people do on the region’s service."),
            additive=False,
            order=20,
        )
    )
