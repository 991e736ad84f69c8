"""« Annonces masquées dans les résultats »: who sees an advert of a community that hides its own.

An advert published in such a community is seen by its author, and by members of one such community
while its author is a member there too; by nobody else, wherever else it is published. One who
leaves hides it from that community; no one sees it more than before, until its author changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from communities.communities.models import Membership
from core.accounts.access import is_member
from rides.adverts.models import Advert, AdvertCommunity

NOBODY: Final = 0
"""The reader's key of a visitor: no account has it."""

# For statements written in SQL: ``a`` is the advert, ``%(reader)s`` the key of who asks. The first
# part is asked once for the whole statement: most regions hide nothing, and pay nothing.
SEEN_BY_READER: Final = """
   AND (NOT EXISTS (SELECT FROM communities_community h WHERE h.adverts_hidden)
     OR NOT EXISTS (SELECT FROM adverts_advertcommunity p
                      JOIN communities_community h ON h.id = p.community_id AND h.adverts_hidden
                     WHERE p.advert_id = a.id)
     OR a.author_id = %(reader)s
     OR EXISTS (SELECT FROM adverts_advertcommunity p
                  JOIN communities_community h ON h.id = p.community_id AND h.adverts_hidden
                  JOIN communities_membership m ON m.community_id = h.id
                   AND m.account_id = a.author_id AND m.status = 'accepted'
                  JOIN communities_membership r ON r.community_id = h.id
                   AND r.account_id = %(reader)s AND r.status = 'accepted'
                 WHERE p.advert_id = a.id))
"""


def seen_by(rows: QuerySet[Advert], reader: Any) -> QuerySet[Advert]:
    """Those of ``rows`` that a reader (an account or a visitor) may see: the rule above."""
    hiding = AdvertCommunity.objects.filter(advert=OuterRef("pk"), community__adverts_hidden=True)
    if not is_member(reader):
        return rows.exclude(Exists(hiding))
    both = [
        Exists(
            Membership.objects.filter(
                community=OuterRef("community"),
                account=who,
                status=Membership.Status.ACCEPTED,
            )
        )
        for who in (reader.pk, OuterRef("advert__author"))
    ]
    return rows.filter(Q(author=reader) | ~Exists(hiding) | Exists(hiding.filter(*both)))


@dataclass(frozen=True, slots=True)
class Hidden:
    """That an advert is hidden from the public, for its author."""

    seen_in: list[str]
    """Names of the communities whose members see it; none: nobody does."""


def hidden_state(advert: Advert) -> Hidden | None:
    """Whether communities hide an advert, and whose members see it; None for not at all."""
    own = Membership.objects.filter(
        community=OuterRef("community"),
        account=advert.author_id,
        status=Membership.Status.ACCEPTED,
    )
    rows = list(
        AdvertCommunity.objects.filter(advert=advert, community__adverts_hidden=True)
        .annotate(inside=Exists(own))
        .order_by("community__name_key")
        .values_list("community__name", "inside")
    )
    return Hidden([name for name, inside in rows if inside]) if rows else None
