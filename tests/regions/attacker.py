"""Somebody who subtracts published figures from one another; knows nothing of our code.

What is published is a set of equations over unknown finest sets (a municipality on a day, say):
each published cell is the sum of those that lie in it. A set whose indicator is a combination of
published ones is *recovered*, exactly. Of figures that are told rounded, bounds are known.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any

import numpy as np

K = 6
Leaf = Hashable


def recovered(
    published: Iterable[Collection[Leaf]],
    targets: Iterable[Collection[Leaf]],
    leaves: Iterable[Leaf],
) -> list[frozenset[Leaf]]:
    """Those targets whose sums follow from the sums of the published sets, by linear algebra."""
    place = {leaf: number for number, leaf in enumerate(sorted(leaves, key=repr))}
    known = _rows(published, place)
    wanted = [frozenset(target) for target in targets]
    if not len(known) or not wanted:
        return []
    _left, sizes, right = np.linalg.svd(known, full_matrices=False)
    basis = right[sizes > 1e-9 * sizes.max()]
    vectors = _rows(wanted, place)
    missed = vectors - (vectors @ basis.T) @ basis
    return [one for one, far in zip(wanted, np.abs(missed).max(axis=1), strict=True) if far < 1e-7]


def _rows(sets: Iterable[Collection[Leaf]], place: Mapping[Leaf, int]) -> Any:
    rows = [[place[leaf] for leaf in one] for one in sets]
    matrix = np.zeros((len(rows), len(place)))
    for number, row in enumerate(rows):
        matrix[number, row] = 1.0
    return matrix


def tells_of_few(people: Mapping[int, float]) -> bool:
    """Whether a recovered sum tells of somebody: a few people, or one with more than half.

    ``people``: person → what they put into it; nobody at all tells of nobody.
    """
    if not people:
        return False
    return len(people) < K or 2 * max(people.values()) > sum(people.values())


def combinations(cells: Iterable[Collection[Leaf]]) -> set[frozenset[Leaf]]:
    """The cells, what two of them have in common, what is in one of them alone, or in either."""
    sets = {frozenset(cell) for cell in cells}
    found = set(sets)
    for one in sets:
        for other in sets:
            found |= {one & other, one - other, one | other}
    return {one for one in found if one}


def bounds(told: int, step: int) -> tuple[int, int]:
    """What a figure rounded to ``step`` can have been; told at all, it is ``K`` or more."""
    return max(K, told - step // 2), told + (step - 1) - step // 2


def less(one: tuple[int, int], *others: tuple[int, int]) -> tuple[int, int]:
    """What remains of a bounded figure without others."""
    return one[0] - sum(other[1] for other in others), one[1] - sum(other[0] for other in others)


def surely_few(rest: tuple[int, int]) -> bool:
    """Whether bounds leave no doubt that somebody is there, and fewer than ``K``."""
    return rest[0] > 0 and rest[1] < K


def overlap(one: int, other: int, whole: int) -> tuple[int, int]:
    """How much two parts of the same whole have in common, at least and at most."""
    return max(0, one + other - whole), min(one, other)
