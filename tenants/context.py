"""The only doors into a region.

What is current is a ``contextvars`` value; the database backend reads it each time a cursor is
opened and brings the connection to that state first. Nothing else switches: a new thread or task
starts with no region, reads no region's rows, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils import timezone

from tenants.errors import NoTenantError

if TYPE_CHECKING:
    from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Scope:
    """Where code runs: in the registry (may read hosts only), in a tenant, or as the platform."""

    kind: Literal["registry", "tenant", "platform"]
    tenant: Tenant | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        """A short name for cache keys, storage prefixes, salts and logs."""
        return self.tenant.schema_name if self.tenant is not None else self.kind


REGISTRY = Scope("registry")
_scope: ContextVar[Scope] = ContextVar("passerelle_scope", default=REGISTRY)


def current_scope() -> Scope:
    """Return the scope in force in this thread or task."""
    return _scope.get()


def current_tenant_or_none() -> Tenant | None:
    """Return the current tenant, or ``None`` in the registry and on the platform."""
    return _scope.get().tenant


def current_tenant() -> Tenant:
    """Return the current tenant; raise ``NoTenantError`` when there is none."""
    tenant = _scope.get().tenant
    if tenant is None:
        raise NoTenantError("This code")
    return tenant


@contextmanager
def _entered(scope: Scope) -> Iterator[None]:
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def tenant_scope(tenant: Tenant) -> Iterator[Tenant]:
    """Run the block inside ``tenant``, on its clock, then restore what was current.

    Open ``transaction.atomic()`` inside the block, never around it: callbacks of ``on_commit``
    run in the scope that is current at the commit (a task's ``enqueue`` keeps its own).
    """
    if not tenant.schema_name or tenant.schema_name == "public":
        raise NoTenantError(f"tenant_scope({tenant.schema_name!r})")
    with _entered(Scope("tenant", tenant)), timezone.override(tenant.time_zone):
        yield tenant


@contextmanager
def platform_scope(*, reason: str) -> Iterator[None]:
    """Run the block with the platform's rights on the public schema; ``reason`` is for readers."""
    if not reason:
        raise ValueError("platform_scope needs a reason")
    with _entered(Scope("platform", None, reason)):
        yield


@contextmanager
def registry_scope() -> Iterator[None]:
    """Run the block outside any region: it may read the registry of hosts and nothing else."""
    with _entered(REGISTRY):
        yield


def each_tenant(*, state: str | None = "live") -> Iterator[Tenant]:
    """Yield every tenant, each inside its own scope (``state=None``: those in preparation too).

    The list is read once, before the first is entered. Break out freely: the scope ends with the
    generator.
    """
    from tenants.models import Tenant

    with registry_scope():
        rows = Tenant.objects.order_by("pk")
        tenants = list(rows if state is None else rows.filter(state=state))
    for tenant in tenants:
        with tenant_scope(tenant):
            yield tenant
