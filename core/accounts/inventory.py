"""Which personal data the platform holds of a member: what an export contains, what deletion ends.

Every floor that stores something about a person registers it in its ``AppConfig.ready``::

    inventory.register(
        PersonalData(
            name="memberships",
            label=_("Communities"),
            export=lambda account: [...JSON...],
            summary=lambda account: [ngettext(...)],
            remove=memberships_remove,
        )
    )

A test of each floor reads the export of a full account and finds its own data there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.functional import Promise

from core.accounts.readers import reading
from core.registry import Registry
from tenants.context import current_tenant_or_none

if TYPE_CHECKING:
    from core.accounts.models import Account


def _nothing(account: Account) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of data about a person."""

    name: str
    """Unique; the key in the export."""
    label: str | Promise
    """What it is, for people."""
    export: Callable[[Account], Any]
    """Returns the person's own data as JSON (dates as ISO strings), nothing about others."""
    summary: Callable[[Account], Sequence[str]] = _nothing
    """Lines that say what deleting the account ends, e.g. « 3 annonces »; empty for nothing."""
    remove: Callable[[Account], None] | None = None
    """What deletion does beyond the foreign keys' cascade; runs in the deleting transaction."""
    order: int = 50
    """Ascending position in the export and on the page; removal runs in reverse."""
    on_platform: bool = False
    """Whether its tables exist in the public schema too: operators' accounts have nothing else."""


SOURCES: Final = Registry[PersonalData]("kind of personal data")
register: Final = SOURCES.register


def sources() -> tuple[PersonalData, ...]:
    """Return the kinds of data that exist where we are, in the order in which they are shown."""
    in_region = current_tenant_or_none() is not None
    return tuple(source for source in SOURCES if in_region or source.on_platform)


def export(account: Account) -> dict[str, Any]:
    """Return everything held about a person, by kind."""
    with reading(account):
        return {source.name: source.export(account) for source in sources()}


def summary(account: Account) -> list[tuple[str, list[str]]]:
    """Return what deletion ends: (kind's label, lines), kinds without a line left out."""
    with reading(account):
        found = [
            (str(source.label), [str(line) for line in source.summary(account)])
            for source in sources()
        ]
    return [(label, lines) for label, lines in found if lines]


def remove(account: Account) -> None:
    """Run what the floors do before an account goes, the last registered kinds first."""
    for source in reversed(sources()):
        if source.remove is not None:
            source.remove(account)
