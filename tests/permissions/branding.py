"""Third floor: the region's look, which everyone must see."""

from __future__ import annotations

from tests.permissions.matrix import table

SITE = table(
    "site",
    """
    # method address                       visitor member other referent administrator operator
    GET  /theme.css                            200    200   200      200           200      200
    """,
)
