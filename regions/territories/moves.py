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
from shapely.geometry import shape

from core.accounts.models import Account, RoleAssignment
from core.registry import Registry
from regions.territories.areas import contours_of
from regions.territories.models import Intercommunality, Municipality, TerritoryChange
from tenants.context import each_tenant, platform_scope
from tenants.errors import PasserelleError

Kind = TerritoryChange.Kind


class TerritoryError(PasserelleError):
    """A change that cannot be: ``unknown_territory``, ``same_territory``, ``territory_circle``."""


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
) -> list[Moved]:
    """Move what every region keeps under old codes to the new ones; returns what was moved.

    Load the register that knows the new codes first. What became of what is dated and kept
    (``TerritoryChange``). Regions follow one after the other: after an interruption the same call
    moves the rest. With ``dry_run`` nothing is written, and the report is the same. Raises
    ``TerritoryError``.
    """
    report = []
    with platform_scope(reason="codes of territories change"), transaction.atomic():
        move = _checked(kind, changes)
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
    for tenant in each_tenant():
        with transaction.atomic():
            report += [Moved(tenant.slug, mover.name, mover.move(move)) for mover in MOVERS]
            if dry_run:
                transaction.set_rollback(True)
    return [one for one in report if one.rows]


def _checked(kind: str, changes: Sequence[tuple[str, str]]) -> Move:
    news = {new for _old, new in changes}
    model = Municipality if kind == Kind.MUNICIPALITY else Intercommunality
    unknown = news - set(model.objects.filter(code__in=news).values_list("code", flat=True))
    if unknown or not changes:
        raise TerritoryError(
            f"The register knows no such code: {', '.join(sorted(unknown)) or 'none was given'}.",
            code="unknown_territory",
        )
    codes: dict[str, tuple[str, ...]] = {}
    for old, new in changes:
        codes[old] = tuple(dict.fromkeys((*codes.get(old, ()), new)))
    if any(parts == (old,) for old, parts in codes.items()):
        raise TerritoryError("A code becomes another one.", code="same_territory")
    circle = {old for old, parts in codes.items() for new in parts if new in codes and new != old}
    if circle:
        raise TerritoryError(
            f"These codes are old and new at once: {', '.join(sorted(circle))}.",
            code="territory_circle",
        )
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
