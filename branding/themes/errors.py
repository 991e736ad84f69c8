"""Errors of the themes."""

from tenants.errors import PasserelleError


class ThemeError(PasserelleError):
    """A theme that cannot be kept or published; ``fields`` says why."""
