"""Acts of those who run a community on its pool; each, or its refusal, is in its history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from core.accounts.models import Account
from core.audit.services import record
from regions.pooled import services
from regions.pooled.errors import PooledError
from regions.pooled.queries import pools_of_region


def pool_propose(
    *, community: Community, by: Account, region: str, other: UUID, name: str = ""
) -> None:
    """Ask a partner region's community to be one with this one. Raises ``PooledError``."""
    with _audited(community, by, "pool.proposed") as own:
        _open(community)
        services.pool_propose(own=own, region=region, other=other, name=name)


def proposal_accept(*, community: Community, by: Account, proposal: UUID) -> None:
    """Say yes to a proposal. Raises ``PooledError``."""
    with _audited(community, by, "pool.accepted") as own:
        _open(community)
        services.proposal_accept(own=own, proposal=proposal)


def proposal_decline(*, community: Community, by: Account, proposal: UUID) -> None:
    """Say no to a proposal. Raises ``PooledError``."""
    with _audited(community, by, "pool.declined") as own:
        services.proposal_decline(own=own, proposal=proposal)


def proposal_withdraw(*, community: Community, by: Account, proposal: UUID) -> None:
    """Take a proposal back. Raises ``PooledError``."""
    with _audited(community, by, "pool.withdrawn") as own:
        services.proposal_withdraw(own=own, proposal=proposal)


def pool_rename(*, community: Community, by: Account, name: str) -> None:
    """Rename the pool for all its regions; the community keeps its own name."""
    with _audited(community, by, "pool.renamed") as own:
        services.pool_rename(own=own, name=name)


def pool_leave(*, community: Community, by: Account | None) -> None:
    """Detach the community: it stays here as it is, with its members and its adverts."""
    with _audited(community, by, "pool.left") as own:
        services.pool_leave(own=own)


def strays_detach() -> int:
    """Take out of pools what the region has deleted for good; returns how many."""
    held = set(pools_of_region())
    known = Community.objects.filter(public_id__in=held)
    strays = held - set(known.values_list("public_id", flat=True))
    for one in sorted(strays):
        services.pool_leave(own=services.Own(one, "", ""))
    return len(strays)


def _open(community: Community) -> None:
    if not community.is_active:
        raise PooledError(_("A closed community is pooled with no other."), code="community_closed")


@contextmanager
def _audited(community: Community, by: Account | None, action: str) -> Iterator[services.Own]:
    """Write the act, or its refusal, in the community's history."""

    def write(name: str, note: str = "") -> None:
        record(
            actor=by,
            action=name,
            kind="community",
            object_id=community.pk,
            label=community.name,
            note=note,
        )

    try:
        with transaction.atomic():
            yield services.Own(community.public_id, community.name, community.municipality_code)
            write(action)
    except PooledError as refused:
        write("pool.refused", f"{action}: {refused.code}")
        raise
