"""What upper floors tell about members in the console, and offer beside their names.

An app registers in its ``AppConfig.ready``::

    facts.register(MemberFact(name="adverts", label=_("Type of adverts"), of=types_of_adverts))
    facts.register_action(MemberAction(name="write", label=_("Write"), icon="message", of=pages))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise

from communities.communities.models import Community
from core.registry import Registry
from tenants.context import current_tenant


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


@dataclass(frozen=True, slots=True)
class MemberAction:
    """One link beside members in the list of the site."""

    name: str
    label: str | Promise
    of: Callable[[Any, Sequence[int]], Mapping[int, str]]
    """Addresses by account id, for a reader and the accounts of one page; one query or two."""
    icon: str = ""
    order: int = 100
    module: str = ""
    """Shown only where the region has this module; empty for always."""


facts: Registry[MemberFact] = Registry("fact about members")
register = facts.register
member_actions: Final = Registry[MemberAction]("action on members")
register_action = member_actions.register


def actions_of(reader: Any, accounts: Sequence[int]) -> dict[int, list[tuple[MemberAction, str]]]:
    """Return what a reader can do with each of those accounts, with its address."""
    modules = current_tenant().modules
    found: dict[int, list[tuple[MemberAction, str]]] = {}
    for action in member_actions:
        if not action.module or action.module in modules:
            for account, url in action.of(reader, accounts).items():
                found.setdefault(account, []).append((action, url))
    return found
