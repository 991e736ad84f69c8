"""What pages show of a community of a pool."""

from __future__ import annotations

from typing import NamedTuple

from regions.pool.queries import Emblem
from regions.pooled.queries import PoolPart


class PartLine(NamedTuple):
    """A community of a pool, and the names of those who run it that this reader may see."""

    part: PoolPart
    moderators: list[str]

    @property
    def emblem(self) -> Emblem:
        """The mark of its region, from its public card."""
        one = self.part
        return Emblem(one.region_slug, one.region, one.accent, one.logo)
