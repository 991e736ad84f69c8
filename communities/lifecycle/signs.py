"""Signs of life: what tells that a community is in use, and when it last did.

An upper app registers its own in its ``AppConfig.ready``::

    signs.register(Sign(name="adverts", label=_("Last advert"), latest=latest_adverts))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max
from django.utils.functional import Promise

from communities.communities.models import Community, Membership
from communities.lifecycle.models import Standing
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Sign:
    """One kind of activity."""

    name: str
    label: str | Promise
    latest: Callable[[Sequence[int]], Mapping[int, datetime]]
    """When it was last seen, by community id, for those ids; one query. Absent: never."""
    order: int = 100


SIGNS: Final = Registry[Sign]("sign of life")
register: Final = SIGNS.register


def created(ids: Sequence[int]) -> dict[int, datetime]:
    """When each community was created."""
    return dict(Community.objects.filter(pk__in=ids).values_list("pk", "created_at"))


def joined(ids: Sequence[int]) -> dict[int, datetime]:
    """When each community last had a new member."""
    rows = Membership.objects.filter(community__in=ids, status=Membership.Status.ACCEPTED)
    return dict(
        rows.order_by()
        .values("community")
        .annotate(last=Max("accepted_at"))
        .values_list("community", "last")
    )


def signed_in(ids: Sequence[int]) -> dict[int, datetime]:
    """When one of those who run each community last signed in."""
    rows = Membership.objects.filter(
        community__in=ids,
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
        account__is_active=True,
        account__last_login__isnull=False,
    )
    return dict(
        rows.order_by()
        .values("community")
        .annotate(last=Max("account__last_login"))
        .values_list("community", "last")
    )


def answered(ids: Sequence[int]) -> dict[int, datetime]:
    """When somebody last said that each community is alive."""
    rows = Standing.objects.filter(community__in=ids, answered_at__isnull=False)
    found = rows.values_list("community", "answered_at")
    return {pk: moment for pk, moment in found if moment is not None}


def seen(ids: Sequence[int]) -> dict[int, dict[str, datetime]]:
    """Return, by community id, when each sign was last seen, by name; one query for each sign."""
    found: dict[int, dict[str, datetime]] = {pk: {} for pk in ids}
    for sign in SIGNS:
        for pk, moment in sign.latest(ids).items():
            if moment is not None:
                found[pk][sign.name] = moment
    return found


def last_seen(ids: Sequence[int]) -> dict[int, datetime]:
    """Return, by community id, its latest sign of life."""
    return {pk: max(signs.values()) for pk, signs in seen(ids).items() if signs}
