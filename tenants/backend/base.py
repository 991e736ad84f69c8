"""PostgreSQL backend: every cursor opens in the role and schema of the current scope, or fails.

Built on django-tenants' backend, with two differences that matter (see the decision record
``docs/decisions/0001-tenant-boundary.md``):

* the schema comes with a *role*: ``SET ROLE …; SET search_path = …`` in one statement, so that
  a query written against another schema is refused by PostgreSQL;
* a statement that fails *closes the connection and raises*. The stock backend ignores it, and
  the next query runs on the previous tenant.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.utils import InterfaceError, OperationalError
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from psycopg.pq import TransactionStatus

from tenants import roles
from tenants.context import current_scope
from tenants.errors import TenancyDoorError


class _PreparedCursor(ServerBindingCursor):
    """Names the schema in every statement: one prepared elsewhere would be planned anew.

    PostgreSQL does so whenever the search path changed, and regions take turns on a connection.
    """

    schema_name: str

    def execute(self, query: str, params: Any = None) -> Any:
        named = f"/* {self.schema_name} */ {query}"
        return super().execute(named, params, binary=True)  # type: ignore[misc]

    def _send_query_prepared(self, name: bytes, pgq: Any, *, binary: bool | None = None) -> None:
        self._query = pgq  # from which Django logs what was asked
        super()._send_query_prepared(name, pgq, binary=binary)  # type: ignore[misc]


class DatabaseWrapper(TenantsWrapper):
    """A connection that follows ``tenants.context``.

    ``TENANT_ROLES = True`` (alias ``default``): the state is that of the current scope.
    ``TENANT_ROLES = False`` (alias ``owner``): migrations choose the schema with ``set_schema``;
    the login keeps its own role.
    """

    # Django's stubs say None; it is psycopg's connection once there is one.
    connection: Any

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        self._follows_scope = bool(settings_dict.get("TENANT_ROLES"))
        self._chosen_schema = "public"
        self._chosen_tenant: Any = None
        self._applied: str | None = None
        super().__init__(settings_dict, alias)

    # --- what is current ------------------------------------------------------------------------
    @property
    def schema_name(self) -> str:
        """The schema in which the next statement runs."""
        if not self._follows_scope:
            return self._chosen_schema
        tenant = current_scope().tenant
        return tenant.schema_name if tenant is not None else "public"

    @schema_name.setter
    def schema_name(self, value: str | None) -> None:
        self._chosen_schema = value or "public"

    @property
    def tenant(self) -> Any:
        """The tenant in which the next statement runs, or ``None``."""
        return current_scope().tenant if self._follows_scope else self._chosen_tenant

    @tenant.setter
    def tenant(self, value: Any) -> None:
        self._chosen_tenant = value

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Choose the schema of the owner alias; on the web alias this is not a door."""
        if self._follows_scope:
            # The stock constructor calls this once, before any connection exists.
            if self.connection is None and tenant.schema_name == "public":
                return
            raise TenancyDoorError("connection.set_tenant()")
        self._chosen_tenant = tenant
        self._chosen_schema = tenant.schema_name
        self.include_public_schema = include_public
        self._applied = None

    # --- bringing the connection to that state ----------------------------------------------------
    def _wanted(self) -> str:
        """Return the statement that brings a session to the current state."""
        if self._follows_scope:
            return roles.enter_statement(current_scope())
        path = roles.quote(self._chosen_schema)
        if self.include_public_schema and self._chosen_schema != "public":
            path += ", public"
        return f"SET search_path = {path}"

    def _enter(self) -> None:
        wanted = self._wanted()
        if wanted == self._applied:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            # Only ROLLBACK can run now; it also forgets what was applied (see below).
            return
        self._applied = None
        try:
            with self.connection.cursor() as cursor, self.wrap_database_errors:
                cursor.execute(wanted)
        except BaseException:
            # Fail closed: nobody may use a session whose role is not known.
            raw = self.connection
            try:
                raw.close()
            finally:
                self._drop()
            raise
        self._applied = wanted

    def _drop(self) -> None:
        """Forget a connection that was closed under us, as Django's close() does."""
        self._applied = None
        try:
            self.close()
        except (InterfaceError, OperationalError):
            self.connection = None

    def _cursor(self, name: str | None = None) -> Any:
        self.ensure_connection()
        self._enter()
        return PostgresWrapper._cursor(self, name)  # type: ignore[attr-defined]

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor whose statements are parsed and planned once for each connection and schema.

        For the few statements that are asked all the time and whose plan never depends on what is
        asked: parameters go apart from the text, which must hold no value of its own. Binary
        results. Sessions of PgBouncer, not its transactions, keep what is prepared.
        """
        self.ensure_connection()
        self._enter()
        self.connection.prepare_threshold = 0  # of those cursors that bind on the server: this one
        cursor = _PreparedCursor(self.connection)  # type: ignore[call-arg]
        cursor.schema_name = self.schema_name
        prepared: CursorWrapper = self._prepare_cursor(cursor)
        return prepared

    # --- a SET is transactional: whatever undoes a transaction undoes it ----------------------
    def close(self) -> None:
        """Close, and forget the state: the next connection starts from nothing."""
        self._applied = None
        super().close()

    def rollback(self) -> None:
        """Roll back, and forget the state that the rollback may have undone."""
        self._applied = None
        super().rollback()

    def _commit(self) -> Any:
        try:
            return super()._commit()
        except BaseException:
            self._applied = None
            raise

    def _savepoint_rollback(self, sid: str) -> None:
        try:
            with self.connection.cursor() as cursor, self.wrap_database_errors:
                cursor.execute(self.ops.savepoint_rollback_sql(sid))
        finally:
            self._applied = None

    def init_connection_state(self) -> Any:
        """Start a session from nothing; a pooled one is put back to the login's own role.

        What is prepared is planned once, not again for each value: planning a search costs more
        than answering it.
        """
        result = super().init_connection_state()
        if self._follows_scope:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    "RESET ROLE; SET search_path = public; SET plan_cache_mode = force_generic_plan"
                )
            if not self.get_autocommit():
                self.connection.commit()
        # Last: Django's own version check above opens a cursor, which enters the scope.
        self._applied = None
        return result
