"""A new region in one transaction: registry rows, role, schema, storage prefix, first rows.

Floors above add what they need with ``register_step``. A failure anywhere leaves nothing:
everything, roles included, is undone by the rollback.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants import roles, template
from tenants.context import tenant_scope
from tenants.errors import ProvisioningError
from tenants.models import HOST_VALIDATOR, Domain, Module, Tenant, schema_for, validate_slug

PROVISIONING_LOCK = 0x5061_7373  # serialises provisioning with itself and with migrations


@dataclass(frozen=True, slots=True)
class ProvisioningRequest:
    """What the platform team says of a new region; ``extra`` holds what steps read."""

    slug: str
    name: str
    hosts: Sequence[str]
    console_host: str = ""
    language: str = "fr"
    time_zone: str = "Europe/Paris"
    modules: Sequence[str] = field(default_factory=lambda: [m.value for m in Module])
    state: str = Tenant.State.LIVE
    extra: Mapping[str, Any] = field(default_factory=dict)


class Step(Protocol):
    """Makes a floor's first rows in the new schema, on the connection ``using``."""

    def __call__(self, *, tenant: Tenant, request: ProvisioningRequest, using: str) -> None:
        """Run the step."""


class Validator(Protocol):
    """Returns what is wrong with a request, by field, before anything is made."""

    def __call__(self, request: ProvisioningRequest) -> Mapping[str, str | Promise]:
        """Run the check."""


_steps: dict[str, Step] = {}
_validators: dict[str, Validator] = {}
_farewells: dict[str, Callable[[Tenant], object]] = {}


def register_step(name: str, step: Step) -> None:
    """Add a step; steps run in the order of their floors (that of INSTALLED_APPS)."""
    _steps[name] = step


def register_validator(name: str, validator: Validator) -> None:
    """Add a check of the request."""
    _validators[name] = validator


def register_farewell(name: str, farewell: Callable[[Tenant], object]) -> None:
    """Add what is done for the other regions before one is removed; twice is once."""
    _farewells[name] = farewell


def _message(check: Callable[[str], None], value: str) -> str | None:
    try:
        check(value)
    except ValidationError as error:
        return str(error.messages[0])
    return None


def request_errors(request: ProvisioningRequest) -> dict[str, str | Promise]:
    """Return what is wrong, by field; empty when the region can be made."""
    errors: dict[str, str | Promise] = {}
    if message := _message(validate_slug, request.slug):
        errors["slug"] = message
    elif Tenant.objects.using("owner").filter(slug=request.slug).exists():
        errors["slug"] = _("A region with this short name exists.")
    if not request.name.strip() or len(request.name) > 80:
        errors["name"] = _("A name of 1 to 80 characters.")
    hosts = [*request.hosts, *([request.console_host] if request.console_host else [])]
    if not request.hosts:
        errors["host"] = _("At least one host.")
    for host in hosts:
        if message := _message(HOST_VALIDATOR, host):
            errors["host"] = message
        elif Domain.objects.using("owner").filter(host=host).exists() or _is_ours(host):
            errors["host"] = _("The host %(host)s is taken.") % {"host": host}
    if len(set(hosts)) != len(hosts):
        errors["host"] = _("The same host is given twice.")
    unknown = set(request.modules) - {module.value for module in Module}
    if unknown:
        errors["modules"] = _("Unknown module: %(names)s.") % {"names": ", ".join(sorted(unknown))}
    for validator in _validators.values():
        errors.update(validator(request))
    return errors


def _is_ours(host: str) -> bool:
    from django.conf import settings

    return host in {settings.PLATFORM_HOST, settings.MAIL_HOST}


def tenant_create(request: ProvisioningRequest) -> Tenant:
    """Make a region, usable when this returns; raise ``ProvisioningError`` and make nothing else.

    Runs on the owner connection, so it is called by commands, never by a web request.
    """
    errors = request_errors(request)
    if errors:
        raise ProvisioningError(
            _("The region cannot be created."), code="invalid_region", fields=errors
        )
    dump = template.dump_renew()
    schema = schema_for(request.slug)
    try:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PROVISIONING_LOCK])
            tenant = Tenant(
                slug=request.slug,
                name=request.name.strip(),
                schema_name=schema,
                state=request.state,
                modules=list(request.modules),
                language=request.language,
                time_zone=request.time_zone,
            )
            tenant.save(using="owner")
            for index, host in enumerate(request.hosts):
                Domain.objects.using("owner").create(
                    tenant=tenant, host=host, is_primary=index == 0
                )
            if request.console_host:
                Domain.objects.using("owner").create(
                    tenant=tenant,
                    host=request.console_host,
                    kind=Domain.Kind.CONSOLE,
                    is_primary=True,
                )
            cursor.execute(f"CREATE SCHEMA {roles.quote(schema)}")
            cursor.execute(template.replay_sql(dump, schema))
            roles.grant_schema(schema)
            run_steps(tenant=tenant, request=request)
    except IntegrityError as error:
        raise ProvisioningError(
            _("This short name or host has just been taken."), code="region_taken"
        ) from error
    finally:
        connections["owner"].set_schema("public")  # type: ignore[attr-defined]
    return tenant


def run_steps(*, tenant: Tenant, request: ProvisioningRequest) -> None:
    """Run every registered step in the tenant's schema, on the owner connection."""
    owner = connections["owner"]
    owner.set_schema(tenant.schema_name)  # type: ignore[attr-defined]
    try:
        with tenant_scope(tenant):
            for step in _steps.values():
                step(tenant=tenant, request=request, using="owner")
    finally:
        owner.set_schema("public")  # type: ignore[attr-defined]


def tenant_remove(tenant: Tenant) -> None:
    """Drop a region's schema, registry rows and role, one region per transaction.

    First the floors above take leave of the others (``register_farewell``), in transactions of
    their own: what other regions must do about it, they are told.
    """
    schema = tenant.schema_name
    for farewell in _farewells.values():
        farewell(tenant)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PROVISIONING_LOCK])
        cursor.execute(f"DROP SCHEMA IF EXISTS {roles.quote(schema)} CASCADE")
        Tenant.objects.using("owner").filter(pk=tenant.pk).delete()
        roles.drop_role(schema)
