"""Roles and grants: who may touch which table, written in one place.

Cluster-wide names, all with ``settings.TENANT_ROLE_PREFIX`` (default ``passerelle_``):

* the *web* login (``DATABASE_URL``): no superuser, NOINHERIT, owns nothing; without a scope it
  reads the registry (tenants, domains) and nothing else;
* ``…t_<slug>``: one role per tenant, granted to the web login; reads and writes its own schema;
* ``…tenants``: inherited by every tenant role; SELECT on the public tables in ``allow_read``,
  EXECUTE on the functions in ``allow_execute``;
* ``…platform``: reads and writes the public schema; entered only by ``platform_scope``;
* the *owner* login (``DATABASE_OWNER_URL``): owns every schema and table; migrates, provisions.

This stops mistakes, not SQL injection: the session user is the web login, which may always say
``SET ROLE`` again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connections

from tenants.context import Scope

_readable_by_tenants: set[str] = set()
_callable_by_tenants: set[str] = set()
READABLE_BY_REGISTRY = ("tenants_tenant", "tenants_domain", "django_migrations")


def quote(name: str) -> str:
    """Quote an identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def allow_read(*tables: str) -> None:
    """Let every tenant role SELECT these public tables (call it in ``AppConfig.ready``)."""
    _readable_by_tenants.update(tables)


def allow_execute(*functions: str) -> None:
    """Let every tenant role call these functions of public, named with their argument types.

    Their migration revokes them from everybody: a function that runs with its owner's rights
    (``SECURITY DEFINER``) finds out by itself who calls. Call it in ``AppConfig.ready``.
    """
    _callable_by_tenants.update(functions)


def callable_by_tenants() -> tuple[str, ...]:
    """Return the functions that tenants may call, sorted."""
    return tuple(sorted(_callable_by_tenants))


def readable_by_tenants() -> tuple[str, ...]:
    """Return the allow-list, sorted."""
    return tuple(sorted(_readable_by_tenants))


def role_of(schema_name: str) -> str:
    """Return the role of a tenant's schema."""
    return f"{settings.TENANT_ROLE_PREFIX}{schema_name}"


def platform_role() -> str:
    """Return the role that ``platform_scope`` takes."""
    return f"{settings.SHARED_ROLE_PREFIX}platform"


def tenants_role() -> str:
    """Return the role that every tenant role inherits."""
    return f"{settings.SHARED_ROLE_PREFIX}tenants"


def web_login() -> str:
    """Return the login of the web processes."""
    return str(settings.DATABASES["default"]["USER"])


def enter_statement(scope: Scope) -> str:
    """Return the one statement that brings a web session into ``scope``."""
    if scope.tenant is not None:
        schema = scope.tenant.schema_name
        return f"SET ROLE {quote(role_of(schema))}; SET search_path = {quote(schema)}, public"
    if scope.kind == "platform":
        return f"SET ROLE {quote(platform_role())}; SET search_path = public"
    return "SET ROLE NONE; SET search_path = public"


def _run(statements: Iterable[str]) -> None:
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def role_exists(name: str) -> bool:
    """Whether a role of that name exists in the cluster."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        return cursor.fetchone() is not None


def make_role(name: str) -> None:
    """Create a group role without login, unless it exists."""
    if not role_exists(name):
        _run([f"CREATE ROLE {quote(name)} NOLOGIN NOINHERIT"])


def grant_public() -> None:
    """Bring the grants on the public schema to what this module says (idempotent)."""
    make_role(platform_role())
    if not role_exists(tenants_role()):
        _run([f"CREATE ROLE {quote(tenants_role())} NOLOGIN"])
    web, platform, tenants = quote(web_login()), quote(platform_role()), quote(tenants_role())
    statements = [
        f"GRANT {platform} TO {web}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {web}, {platform}, {tenants}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {web}, {tenants}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {platform}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {platform}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {platform}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {platform}",
    ]
    statements += [f"GRANT SELECT ON {quote(table)} TO {web}" for table in READABLE_BY_REGISTRY]
    statements += [
        f"GRANT SELECT ON {quote(table)} TO {tenants}" for table in readable_by_tenants()
    ]
    statements += [
        f"GRANT EXECUTE ON FUNCTION public.{function} TO {tenants}"
        for function in callable_by_tenants()
    ]
    _run(statements)


def grant_schema(schema_name: str) -> None:
    """Create a tenant's role and let it use its own schema; the owner keeps every table.

    Default privileges make tables of later migrations usable without another grant.
    """
    name = role_of(schema_name)
    if not role_exists(name):
        _run([f"CREATE ROLE {quote(name)} NOLOGIN INHERIT"])
    role, schema = quote(name), quote(schema_name)
    _run(
        [
            f"GRANT {quote(tenants_role())} TO {role}",
            f"GRANT {role} TO {quote(web_login())}",
            f"GRANT USAGE ON SCHEMA {schema} TO {role}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} "
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} "
            f"GRANT USAGE, SELECT ON SEQUENCES TO {role}",
            f'REVOKE INSERT, UPDATE, DELETE ON {schema}."django_migrations" FROM {role}',
        ]
    )


def drop_role(schema_name: str) -> None:
    """Drop a tenant's role; its schema must be gone, and with it every grant."""
    name = role_of(schema_name)
    if role_exists(name):
        _run([f"DROP ROLE {quote(name)}"])


def describe(cursor: Any, login: str) -> dict[str, bool]:
    """Return what a login may do that the boundary forbids (for the start-up check)."""
    cursor.execute(
        "SELECT rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb, "
        "EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid) "
        "FROM pg_roles r WHERE rolname = %s",
        [login],
    )
    row = cursor.fetchone()
    names = ("superuser", "bypass_rls", "inherit", "create_role", "create_db", "owns_tables")
    return dict(zip(names, row, strict=True)) if row else {}
