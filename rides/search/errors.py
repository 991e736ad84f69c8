"""Typed errors of the search."""

from __future__ import annotations

from tenants.errors import PasserelleError


class SearchError(PasserelleError):
    """A search that cannot be asked; code ``invalid_search``, with a message for each field."""
