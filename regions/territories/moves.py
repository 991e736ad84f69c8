"""Municipalities and EPCI that merge or split: what regions keep under a code follows (MR-07).

An app that keeps codes registers what it moves in its ``AppConfig.ready``::

    moves.register(Mover("communities", communities_move))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import shapely
from django.db import transaction
from django.utils.functional import Promise
from shapely.geometry import shape

from core.accounts.models import Account, RoleAssignment
from core.registry import Registry
from regions.territories.areas import contours_of
from regions.territories.changes import TerritoryError, changes_problems
from regions.territories.models import TerritoryChange
from tenants.context import each_tenant, platform_scope

__all__ = ["MOVERS", "Kind", "Move", "Moved", "Mover", "TerritoryError", "territories_move"]

Kind = TerritoryChange.Kind


@dataclass(frozen=True, slots=True)
class Move:
    """Codes of one kind that become others: each old one with its new ones."""

    kind: str
    codes: dict[str, tuple[str, ...]]
    _shapes: dict[str, shapely.Geometry] = field(default_factory=dict)

    def codes_for(self, code: str) -> tuple[str, ...]:
        """What a code has become: itself, if it has not changed."""
        return self.codes.get(code, (code,))

    def code_at(self, code: str, lat: float, lon: float) -> str:
        """What a municipality's code has become at a place: of a split one, the part it lies in."""
        parts = self.codes_for(code)
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            if part not in self._shapes:
                contour = contours_of([part]).get(part)
                self._shapes[part] = shape(contour) if contour else shapely.Point()
        here = shapely.Point(lon, lat)
        drawn = [part for part in parts if not self._shapes[part].is_empty]
        return min(drawn or parts, key=lambda part: self._shapes[part].distance(here))


@dataclass(frozen=True, slots=True)
class Mover:
    """What an app does about a move, in the current region and in its transaction."""

    name: str
    move: Callable[[Move], int]
    """Writes, and returns how many rows; calling it again changes nothing more."""
    order: int = 100
    label: str | Promise = ""
    """What it moves, in words."""


MOVERS: Final = Registry[Mover]("mover of territories")
register: Final = MOVERS.register


@dataclass(frozen=True, slots=True)
class Moved:
    """What one app moved in one region."""

    region: str
    what: str
    rows: int


def territories_move(
    *,
    kind: str,
    changes: Sequence[tuple[str, str]],
    since: dt.date,
    note: str = "",
    dry_run: bool = False,
    seen: Callable[[int, list[Moved]], object] | None = None,
) -> list[Moved]:
    """Move what every region keeps under old codes to the new ones; returns what was moved.

    Load the register that knows the new codes first. What became of what is dated and kept
    (``TerritoryChange``). Regions follow one after the other: after an interruption the same call
    moves the rest. With ``dry_run`` nothing is written, and the report is the same. ``seen`` is
    called after each region with how many are done and what moved in it. Raises ``TerritoryError``.
    """
    report: list[Moved] = []
    with platform_scope(reason="codes of territories change"), transaction.atomic():
        move = _checked(kind, changes, since)
        if not dry_run:
            TerritoryChange.objects.bulk_create(
                [
                    TerritoryChange(
                        kind=kind, old_code=old, new_code=new, since=since, note=note[:200]
                    )
                    for old, new in changes
                ],
                ignore_conflicts=True,
            )
    for number, tenant in enumerate(each_tenant(), start=1):
        with transaction.atomic():
            lines = [Moved(tenant.slug, mover.name, mover.move(move)) for mover in MOVERS]
            if dry_run:
                transaction.set_rollback(True)
        moved = [one for one in lines if one.rows]
        report += moved
        if seen is not None:
            seen(number, moved)
    return report


def _checked(kind: str, changes: Sequence[tuple[str, str]], since: dt.date) -> Move:
    problems = changes_problems(kind, changes, since)
    if problems:
        raise TerritoryError(problems)
    codes: dict[str, tuple[str, ...]] = {}
    for old, new in changes:
        codes[old] = (*codes.get(old, ()), new)
    return Move(kind, codes)


def residences_move(move: Move) -> int:
    """Where members live: a municipality that became one other. Of a split one nobody knows."""
    if move.kind != Kind.MUNICIPALITY:
        return 0
    return sum(
        Account.objects.filter(residence_code=old).update(residence_code=parts[0])
        for old, parts in move.codes.items()
        if len(parts) == 1
    )


def roles_move(move: Move) -> int:
    """Roles that are limited to an EPCI reach what it has become."""
    moved = 0
    for row in RoleAssignment.objects.filter(territories__overlap=list(move.codes)):
        parts = [new for code in row.territories for new in move.codes_for(code)]
        row.territories = list(dict.fromkeys(parts))
        row.save(update_fields=["territories"])
        moved += 1
    return moved
