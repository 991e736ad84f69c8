"""Background work: a task names its region, or is a platform task. There is no third kind.

``@tenant_task`` runs in the region that enqueued it, carried in our own message header; enqueued
or run without one, it raises. ``@platform_task`` runs in the registry and fans out with
``each_tenant`` or by enqueueing tenant tasks.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

from celery import Celery, Task, current_task
from django.db import transaction

from tenants.context import current_tenant_or_none, registry_scope, tenant_scope
from tenants.errors import NoTenantError

HEADER = "passerelle_tenant"
app = Celery("passerelle")
_F = TypeVar("_F", bound=Callable[..., Any])


class _Task(Task[Any, Any]):
    abstract = True

    def enqueue(self, **kwargs: Any) -> None:
        """Send the task once the current transaction commits; at once when there is none."""
        transaction.on_commit(lambda: self.delay(**kwargs))


class TenantTask(_Task):
    """A task of one region."""

    abstract = True

    def enqueue(self, **kwargs: Any) -> None:
        """The same, to the region that is current now, whichever is when the transaction ends."""
        tenant = current_tenant_or_none()

        def send() -> None:
            with nullcontext() if tenant is None else tenant_scope(tenant):
                self.delay(**kwargs)

        transaction.on_commit(send)

    def apply_async(self, *args: Any, **options: Any) -> Any:
        """Send with the tenant's header; a retry or chord callback keeps that of its task."""
        tenant = current_tenant_or_none()
        slug = tenant.slug if tenant else _header_of(current_task)
        if slug is None:
            raise NoTenantError(f"Task {self.name}")
        options["headers"] = {**(options.get("headers") or {}), HEADER: slug}
        return super().apply_async(*args, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the region of the header."""
        from tenants.models import Tenant

        slug = _header_of(self)
        if slug is None:
            raise NoTenantError(f"Task {self.name}")
        with registry_scope():
            tenant = Tenant.objects.get(slug=slug)
        with tenant_scope(tenant):
            return super().__call__(*args, **kwargs)


class PlatformTask(_Task):
    """A task of no region."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the registry, whatever is current."""
        with registry_scope():
            return super().__call__(*args, **kwargs)


def _header_of(task: Any) -> str | None:
    request = getattr(task, "request", None)
    headers = getattr(request, "headers", None) or {}
    return headers.get(HEADER) or getattr(request, HEADER, None)


def tenant_task(function: _F) -> TenantTask:
    """Make a function a task of the current region; call it with ``.enqueue(**kwargs)``."""
    return app.task(base=TenantTask, typing=True)(function)


def platform_task(function: _F) -> PlatformTask:
    """Make a function a task of the platform; call it with ``.enqueue(**kwargs)``."""
    return app.task(base=PlatformTask, typing=True)(function)


def configure_celery() -> None:
    """Point Celery at the settings, and make ours the default app of every thread."""
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.set_default()
    app.autodiscover_tasks()
