"""What upper floors tell administrators about a person: memberships, adverts, journeys, messages.

An app registers in its ``AppConfig.ready``::

    sections.register(PersonSection(name="memberships", label=_("Communities"),
                                    heads=(_("Community"), _("Status")), rows=memberships_told))

Never what people wrote to one another: of messages, how many and when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from core.accounts.models import Account
from core.registry import Registry

SHOWN = 20
"""Rows of a section, at most; the latest."""


@dataclass(frozen=True, slots=True)
class PersonSection:
    """One table of a person's page in the console."""

    name: str
    label: str | Promise
    heads: tuple[str | Promise, ...]
    rows: Callable[[Account], Sequence[Sequence[str]]]
    """At most ``SHOWN`` rows of as many cells as ``heads``, latest first; a constant number of
    queries."""
    order: int = 100
    module: str = ""
    """Shown only where the region has this module; empty for always."""


sections: Registry[PersonSection] = Registry("section about a person")
register = sections.register
