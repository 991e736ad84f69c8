"""Typed errors of carpool places."""

from __future__ import annotations

from tenants.errors import PasserelleError


class PlacesError(PasserelleError):
    """A file that cannot be read as a list of places; nothing was written.

    Codes: ``too_large``, ``not_text``, ``no_header``, ``too_many_rows``.
    """
