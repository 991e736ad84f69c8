"""Which cells may be published together, so that no difference of them tells of somebody.

A set of records is *safe* when at least ``K`` people stand behind it and none of them makes up
more than half of it. Publishing cells cuts the records into *blocks*: what lies in exactly the
same published cells. Whatever somebody computes out of the published figures (a total less its
parts, an intercommunality less a département, months less days) is made of whole blocks; they
never look inside one. So cells are published only as long as every block stays safe or empty.
Where the rest that remains would be unsafe, another cell is held back with it, whatever its own
size: « complementary suppression ».

Two unions of safe sets are safe again: more people, and at most half of each is at most half of
both. So holding a cell back never harms another block, and the search ends.

Pure Python: no Django, no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

K: Final = 6
"""People behind every published cell, at least."""
Rank = Callable[[str], tuple[object, ...]]
LEFT: Final = 0
"""Stands for people who have left: they count for nobody, and may all be one person."""


@dataclass(slots=True)
class Records:
    """What is known of a set of records, enough to judge it and to join it with others.

    People are named where they are few. Of many it is enough to know how many they are at least,
    and the most that one of them can have: a judgement is then on the safe side.
    """

    amounts: tuple[int, ...]
    """What would be published."""
    base: tuple[int, ...]
    """What nobody may make up more than half of."""
    people: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Person → their share of each ``base``."""
    unnamed: int = 0
    """So many different people at least stand behind the parts whose people are not named."""
    top: tuple[int, ...] = ()
    """Nobody has more than that in those parts."""


def joined(parts: Iterable[Records]) -> Records:
    """The union of disjoint sets of records, one at least."""
    amounts: list[int] = []
    base: list[int] = []
    top: list[int] = []
    people: dict[int, list[int]] = {}
    unnamed = 0
    for part in parts:
        if not base:
            amounts, base = [0] * len(part.amounts), [0] * len(part.base)
            top = [0] * len(base)
        for place, value in enumerate(part.amounts):
            amounts[place] += value
        for place, value in enumerate(part.base):
            base[place] += value
        for place, value in enumerate(part.top):
            top[place] += value
        unnamed = max(unnamed, part.unnamed)
        for person, shares in part.people.items():
            known = people.get(person)
            if known is None:
                people[person] = list(shares)
            else:
                for place, value in enumerate(shares):
                    known[place] += value
    named = {who: tuple(own) for who, own in people.items()}
    return Records(tuple(amounts), tuple(base), named, unnamed, tuple(top))


def is_safe(records: Records) -> bool:
    """Whether ``K`` people stand behind it, none with more than half of anything."""
    named = len(records.people) - (LEFT in records.people)
    if max(named, records.unnamed) < K:
        return False
    most = [0] * len(records.base)
    for shares in records.people.values():
        most = [max(one, share) for one, share in zip(most, shares, strict=True)]
    tops = records.top or (0,) * len(most)
    return all(
        2 * (one + top) <= whole for one, top, whole in zip(most, tops, records.base, strict=True)
    )


def is_told_of_group(inside: Records, others: Records | None) -> bool:
    """Whether a figure of people may be told of a group whose number everybody knows.

    ``others``: of the group, but not in the figure (None: nobody). Told that six of six members
    have carpooled, or sixty of sixty-three, one knows it of each: so neither side may be few.
    """
    return is_safe(inside) and others is not None and is_safe(others)


def publishable(
    leaves: Mapping[str, Records],
    levels: Sequence[Mapping[str, str]],
    *,
    first_back: Sequence[Rank],
    complementary: bool = True,
) -> list[dict[str, Records]] | None:
    """Return what may be published: at 0 the whole, then for each level its cells.

    ``leaves`` are the finest sets of records, by name. A level says of each leaf in which of its
    cells it lies (none: in no cell). ``first_back`` ranks cells: of those that may be held back
    for another's sake, the least goes first; it may not depend on the records, or what is held
    back would tell of them. None: not even the whole is safe. ``complementary`` is there to be
    switched off in the test that must then fail.
    """
    if not leaves:
        return None
    whole = joined(leaves.values())
    if not is_safe(whole):
        return None
    blocks = [frozenset(leaves)]
    found: list[dict[str, Records]] = [{"": whole}]
    for level, rank in zip(levels, first_back, strict=True):
        cells: dict[str, list[str]] = {}
        for leaf in leaves:
            if cell := level.get(leaf, ""):
                cells.setdefault(cell, []).append(leaf)
        opened = _opened(leaves, level, blocks, rank, complementary)
        found.append({cell: joined(leaves[one] for one in cells[cell]) for cell in sorted(opened)})
        blocks = _cut(level, blocks, opened)
    return found


def _opened(
    leaves: Mapping[str, Records],
    level: Mapping[str, str],
    blocks: Sequence[frozenset[str]],
    first_back: Rank,
    complementary: bool,
) -> set[str]:
    """The cells of a level that leave every block safe or empty."""
    cut: list[dict[str, Records]] = []
    closed: set[str] = set()
    for block in blocks:
        pieces: dict[str, list[Records]] = {}
        for leaf in block:
            pieces.setdefault(level.get(leaf, ""), []).append(leaves[leaf])
        cut.append({cell: joined(parts) for cell, parts in pieces.items()})
        closed.update(cell for cell, part in cut[-1].items() if cell and not is_safe(part))
    waiting = list(range(len(cut))) if complementary else []
    while waiting:
        pieces_here = cut[waiting[-1]]
        rest = [part for cell, part in pieces_here.items() if not cell or cell in closed]
        open_here = [cell for cell in pieces_here if cell and cell not in closed]
        if not rest or not open_here or is_safe(joined(rest)):
            waiting.pop()
            continue
        back = min(open_here, key=first_back)
        closed.add(back)
        # Its pieces in other blocks join their rests, which may then need another one.
        waiting.extend(place for place, pieces in enumerate(cut) if back in pieces)
    return {cell for cells in cut for cell in cells if cell and cell not in closed}


def _cut(
    level: Mapping[str, str], blocks: Sequence[frozenset[str]], opened: set[str]
) -> list[frozenset[str]]:
    """The blocks after these cells were published."""
    after: list[frozenset[str]] = []
    for block in blocks:
        pieces: dict[str, set[str]] = {}
        for leaf in block:
            cell = level.get(leaf, "")
            pieces.setdefault(cell if cell in opened else "", set()).add(leaf)
        after.extend(frozenset(piece) for piece in pieces.values())
    return after


def rounded(value: int, to: int) -> int:
    """To the nearest multiple, halves upwards."""
    return (value + to // 2) // to * to
