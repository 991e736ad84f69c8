"""Communities follow their municipalities when these merge or split (MR-07)."""

from __future__ import annotations

from communities.communities.models import Community, CommunityMunicipality
from communities.communities.watchers import communities_changed
from core.audit.services import record
from regions.territories.moves import Kind, Move


def communities_move(move: Move) -> int:
    """Put communities under the new codes of their municipalities; returns how many moved.

    One in a municipality that was split goes to the part that it lies in; a territory keeps its
    ground: all the parts. Each line of history says what became of what.
    """
    if move.kind != Kind.MUNICIPALITY:
        return 0
    old = list(move.codes)
    rows = Community.objects.select_for_update(no_key=True)
    territories = CommunityMunicipality.objects.filter(code__in=old).values("community_id")
    found = rows.filter(municipality_code__in=old) | rows.filter(pk__in=territories)
    moved = []
    for community in found.order_by("pk"):
        before = community.municipality_code
        community.municipality_code = move.code_at(before, community.lat, community.lon)
        community.save(update_fields=["municipality_code", "updated_at"])
        known = CommunityMunicipality.objects.filter(community=community).order_by("pk")
        codes = list(known.values_list("code", flat=True))
        parts = list(dict.fromkeys(new for code in codes for new in move.codes_for(code)))
        if parts != codes:
            known.delete()
            CommunityMunicipality.objects.bulk_create(
                CommunityMunicipality(community=community, code=code) for code in parts
            )
        if before == community.municipality_code and parts == codes:
            continue
        record(
            actor=None,
            action="community.moved",
            kind="community",
            object_id=community.pk,
            label=community.name,
            changes={
                "municipality_code": (before, community.municipality_code),
                "municipalities": (sorted(codes), sorted(parts)),
            },
        )
        moved.append(community)
    communities_changed(*moved)
    return len(moved)
