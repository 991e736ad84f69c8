"""Typed errors: a stable code for programs, a message for people, no secret in either."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PasserelleError(Exception):
    """Base of every error that a person or a client may be shown.

    ``code`` is stable snake_case; ``message`` is translated for people; ``fields`` maps a field's
    name to its own message; ``status`` is the HTTP status that faces answer with.
    """

    status = 400

    def __init__(
        self,
        message: str | Promise,
        *,
        code: str,
        fields: Mapping[str, str | Promise] | None = None,
    ) -> None:
        super().__init__(code)
        self.message = message
        self.code = code
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        detail = "; ".join(f"{name}: {text}" for name, text in self.fields.items())
        return f"{self.message} ({detail})" if detail else str(self.message)


class NoTenantError(PasserelleError):
    """Something that belongs to a region ran outside any region: a programming error."""

    status = 500

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} needs a region, and none is current. Enter one with tenant_scope().",
            code="no_tenant",
        )


class TenancyDoorError(PasserelleError):
    """A way of switching schemas other than ``tenants.context`` was used."""

    status = 500

    def __init__(self, door: str) -> None:
        super().__init__(
            f"{door} is not a door: enter a region with tenants.context.tenant_scope().",
            code="tenancy_door",
        )


class InvalidTokenError(PasserelleError):
    """A signed value was forged, has expired, or belongs to another region or purpose."""

    status = 404

    def __init__(self) -> None:
        super().__init__(_("This link is no longer valid."), code="invalid_token")


class ProvisioningError(PasserelleError):
    """A region could not be made; ``fields`` says why for each input. Nothing was made."""
