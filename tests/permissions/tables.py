"""All tables together, and what they say of the console's host."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from tests.permissions import branding, communities, core, deploy, regions, rides
from tests.permissions.matrix import ROLES, Row

SITE = (*core.SITE, *branding.SITE, *regions.SITE, *communities.SITE, *rides.SITE)


def _console() -> tuple[Row, ...]:
    """The ``admin.`` host: its own lines, else those of the site, else a way back to the site."""
    own = {(row.method, row.path) for row in core.CONSOLE}
    shared = (row for row in SITE if (row.method, row.path) not in own)
    sent_back = ("308",) * len(ROLES)
    return (
        *core.CONSOLE,
        *(
            replace(row, host="console")
            if row.path.startswith(settings.CONSOLE_PATHS)
            else replace(
                row,
                host="console",
                cells=sent_back,
                elsewhere="308" if row.elsewhere else "",
                mark="",
            )
            for row in shared
        ),
    )


ROWS = (*SITE, *_console(), *core.PLATFORM, *regions.PLATFORM, *deploy.MAIL)
