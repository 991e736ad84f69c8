"""Tasks that tests send: they say where they ran."""

from __future__ import annotations

from typing import Any

from tenants.context import current_scope, current_tenant
from tenants.tasks import platform_task, tenant_task
from tests.tenancy.sql import read_mark

ran: list[tuple[str, str]] = []


@tenant_task
def where(label: str = "") -> str:
    """Return the region's own mark, read from the database."""
    ran.append((label, read_mark()))
    return read_mark()


@tenant_task
def where_after_retry(label: str = "") -> str:
    """Fail once, then say where the second try ran."""
    ran.append((label, current_tenant().slug))
    if sum(1 for seen, _ in ran if seen == label) == 1:
        raise where_after_retry.retry(countdown=0, max_retries=1)
    return current_tenant().slug


@tenant_task
def gather(parts: list[str], label: str = "") -> str:
    """End of a chord: say where it ran and what it received."""
    ran.append((label, current_tenant().slug))
    return ",".join(sorted(parts))


@platform_task
def everywhere() -> str:
    """Say the scope of a platform task."""
    ran.append(("platform", current_scope().key))
    return current_scope().key


def body(*args: Any) -> None:
    """A plain function that is no task."""
