"""What upper floors tell about members in the console: « Type d'annonces ».

An app registers in its ``AppConfig.ready``::

    facts.register(MemberFact(name="adverts", label=_("Type of adverts"), of=types_of_adverts))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from communities.communities.models import Community
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class MemberFact:
    """One column of the members of a community."""

    name: str
    label: str | Promise
    of: Callable[[Community, Sequence[int]], Mapping[int, str]]
    """Words by account id, for the accounts of one page; one query."""
    order: int = 100
    module: str = ""
    """Shown only where the region has this module; empty for always."""


facts: Registry[MemberFact] = Registry("fact about members")
register = facts.register
