"""The demo's mailbox: where it exists at all, it is for everybody."""

from __future__ import annotations

from tests.permissions.matrix import table

MAIL = table(
    "mail",
    """
    # method address       visitor member other referent administrator operator
    GET  /                     200    200   200      200           200      200
    GET  /{mail}/              200    200   200      200           200      200
    GET  /nothing/             404    404   404      404           404      404 never
    """,
)
