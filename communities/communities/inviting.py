"""« Ajouter un membre », of whom only an address is known.

The app that keeps invitations says how (``communities.imports``, as a row of a file would): there
is one kind of invitation, and one link to accept or decline it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from communities.communities.models import Community, Membership
from core.accounts.models import Account
from core.registry import Registry


class Bring(Protocol):
    """Adds the person of an address, or invites them."""

    def __call__(
        self, *, community: Community, email: str, role: str, by: Account, batch: UUID
    ) -> Membership | None:
        """Return the membership; None when the person is invited instead."""


@dataclass(frozen=True, slots=True)
class Inviter:
    """What answers « Ajouter un membre »; the first one does."""

    name: str
    bring: Bring
    order: int = 100


INVITERS: Final = Registry[Inviter]("inviter of members")
register: Final = INVITERS.register


def person_bring(
    *, community: Community, email: str, role: str, by: Account, batch: UUID
) -> Membership | None:
    """Add the person of an address, or invite them (None). ``batch`` names the click, to undo."""
    inviter = next(iter(INVITERS))
    return inviter.bring(community=community, email=email, role=role, by=by, batch=batch)
