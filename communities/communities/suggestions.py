"""Communities that may be somebody's own: by their address's domain, their commune, their trips.

An upper floor that knows where people go registers in its ``AppConfig.ready``::

    suggestions.register(Places(name="adverts", of=places_of))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.communities import access
from communities.communities.domains import verified_domains
from communities.communities.models import Community, Membership
from communities.communities.queries import with_members_count, within
from core.accounts.models import Account
from core.registry import Registry

if TYPE_CHECKING:
    from communities.communities.queries import Counted

MOST: Final = 3
MOST_CODES: Final = 12
"""At most so many municipalities of somebody's trips are looked at."""


@dataclass(frozen=True, slots=True)
class Places:
    """A source of municipalities where an account goes."""

    name: str
    of: Callable[[Account], Iterable[str]]
    """INSEE codes, the most usual first; one query."""
    order: int = 100


PLACES: Final = Registry[Places]("source of places")
register: Final = PLACES.register


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A community, and why it is suggested."""

    community: Counted
    reason: str | Promise
    icon: str


def suggested(account: Account, most: int = MOST) -> list[Suggestion]:
    """Return communities that the account may want to join, the likeliest first, without repeats.

    None of which it is a member, waits, or was refused. The number of statements does not grow.
    """
    found: dict[int, Suggestion] = {}
    for rows, reason, icon in _reasons(account):
        for community in rows[:most]:
            found.setdefault(community.pk, Suggestion(community, reason, icon))
    return list(found.values())[:most]


def _reasons(account: Account) -> Iterator[tuple[QuerySet[Counted], str | Promise, str]]:
    own = Membership.objects.filter(account=account, community=OuterRef("pk")).exclude(
        status=Membership.Status.LEFT
    )
    others = access.communities_visible_to(account).exclude(Exists(own))
    domains = verified_domains(account)
    yield (
        _largest(
            others.filter(
                validation=Community.Validation.DOMAIN, domains__domain__in=domains
            ).distinct()
        ),
        _("For your e-mail address"),
        "mail",
    )
    if account.residence_code:
        yield _largest(within(others, codes=[account.residence_code])), _("In your commune"), "home"
    codes = [code for places in PLACES for code in places.of(account)][:MOST_CODES]
    if codes:
        yield _largest(within(others, codes=codes)), _("On your way"), "route"


def _largest(communities: QuerySet[Community]) -> QuerySet[Counted]:
    return with_members_count(communities).order_by("-members_count", "name_key", "pk")
