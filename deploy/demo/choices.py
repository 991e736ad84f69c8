"""What the demo's members allow those who run their communities: three in five accept e-mails."""

from __future__ import annotations

from typing import Final

from communities.communities.models import MemberConsent, Membership

ALLOWED: Final = {MemberConsent.Kind.MAILS: (0, 1, 3), MemberConsent.Kind.ADDRESS: (1,)}
"""By the last digit of the membership's key, in fives."""


def fill() -> None:
    """Give a region's members and those who wait their choices, from the day they joined."""
    rows = Membership.objects.filter(status__in=("accepted", "pending")).order_by("pk")
    MemberConsent.objects.bulk_create(
        [
            MemberConsent(membership_id=key, kind=kind, given_at=joined)
            for key, joined in rows.values_list("pk", "joined_at")
            for kind, fifths in ALLOWED.items()
            if key % 5 in fifths
        ],
        batch_size=2000,
    )
