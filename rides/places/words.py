"""Sentences about carpool places that several rooms say."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def far_from(code: str, name: str | None) -> str | Promise:
    """Why the municipality of a place cannot be right."""
    if name is None:
        return _("No municipality has the code %(code)s.") % {"code": code}
    return _("These coordinates are far from %(name)s.") % {"name": name}
