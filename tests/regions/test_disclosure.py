"""What is published gives nobody away: an attacker subtracts everything from everything."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping

import pytest

from regions.statistics.catalogue import SOURCES, TENS, Kind
from regions.statistics.disclosure import (
    Records,
    is_safe,
    is_told_of_group,
    publishable,
    rounded,
)
from tests.regions import attacker
from tests.regions.worlds import Ride, World, world

WORLDS = 200
Told = dict[frozenset[str], Records]
Shares = dict[int, tuple[int, ...]]


def told(world: World, leaves: Mapping[str, Records], *, complementary: bool = True) -> Told:
    """What would be published of a world, as sets of municipalities and what is said of them."""
    found = publishable(
        leaves,
        world.levels,
        first_back=[lambda code: (world.inhabitants.get(code, 0), code)] * len(world.levels),
        complementary=complementary,
    )
    if found is None:
        return {}
    whole, *levels = found
    said = {frozenset(world.inhabitants): whole[""]}
    for lies_in, cells in zip(world.levels, levels, strict=True):
        for area, records in cells.items():
            said[frozenset(town for town, of in lies_in.items() if of == area)] = records
    return said


def told_by(world: World, cut: str, *, complementary: bool = True) -> Told:
    """The same by day, by class of distance or by hour: of the whole region."""
    leaves = rides_by(world.rides, cut)
    found = publishable(
        leaves,
        [{one: one for one in leaves}],
        first_back=[lambda code: (code,)],
        complementary=complementary,
    )
    return {frozenset([one]): records for one, records in found[1].items()} if found else {}


def rides_by(rides: Iterable[Ride], cut: str) -> dict[str, Records]:
    """The records of each municipality or day: journeys and metres, each person's share of both."""
    found: dict[str, list[Ride]] = {}
    for ride in rides:
        found.setdefault(str(getattr(ride, cut)), []).append(ride)
    return {leaf: Records(*shares(own)) for leaf, own in found.items()}


def shares(
    rides: list[Ride],
) -> tuple[tuple[int, ...], tuple[int, ...], Shares]:
    count: Counter[int] = Counter()
    metres: Counter[int] = Counter()
    for ride in rides:
        for person in {ride.driver, ride.passenger}:
            count[person] += 1
            metres[person] += ride.metres
    amounts = (len(rides), sum(ride.metres for ride in rides))
    return amounts, amounts, {one: (count[one], metres[one]) for one in count}


CUTS = ("town", "day", "distance", "hour")


def gives_away(world: World, *, complementary: bool = True) -> list[str]:
    """What the attacker learns of few people from a month of rides.

    By area, day, class of distance and hour: all that is published of it, wherever it may be read.
    Agreements show parts of it, files, pages and the API the same: who has everything has most.
    Cuts are taken two by two, which is enough: they have nothing but the whole in common, so what
    follows of one pair from all cuts follows from the two.
    """
    published = {"town": told(world, rides_by(world.rides, "town"), complementary=complementary)}
    cells = {"town": world.cells()}
    for cut in CUTS[1:]:
        published[cut] = told_by(world, cut, complementary=complementary)
        cells[cut] = [frozenset([one]) for one in world.values(cut)]
    learnt = []
    for number, one in enumerate(CUTS):
        for other in CUTS[number + 1 :]:
            learnt += _from_two_cuts(world, (one, other), published, cells)
    return learnt


def _from_two_cuts(
    world: World,
    cuts: tuple[str, str],
    published: Mapping[str, Told],
    cells: Mapping[str, list[frozenset[str]]],
) -> list[str]:
    first, second = cuts
    rows, columns = world.values(first), world.values(second)
    grid = {(row, column) for row in rows for column in columns}

    def across(cell: Iterable[str]) -> frozenset[tuple[str, str]]:
        return frozenset((row, column) for row in cell for column in columns)

    def down(cell: Iterable[str]) -> frozenset[tuple[str, str]]:
        return frozenset((row, column) for row in rows for column in cell)

    known = [across(one) for one in published[first]] + [down(one) for one in published[second]]
    if published["town"]:
        known.append(frozenset(grid))  # the whole region, whatever the cut
    targets = {frozenset([leaf]) for leaf in grid}
    if second == "day":  # of areas alone the other cuts tell the same
        targets |= attacker.combinations([across(one) for one in cells[first]])
        targets |= {across(row) & down(column) for row in cells[first] for column in cells[second]}
    targets |= {down(one) for one in cells[second]}
    targets |= {frozenset(grid) - down(one) for one in cells[second]}
    learnt = []
    for target in attacker.recovered(known, targets, grid):
        inside = [
            ride for ride in world.rides if (getattr(ride, first), getattr(ride, second)) in target
        ]
        _amounts, _base, people = shares(inside)
        for place, whole in ((0, len(inside)), (1, sum(ride.metres for ride in inside))):
            few = attacker.tells_of_few({one: own[place] for one, own in people.items()})
            dominated = any(2 * own[place] > whole for own in people.values())
            if people and (len(people) < attacker.K or (few and dominated)):
                learnt.append(f"{cuts} {sorted(target)}: {len(people)} people")
    return learnt


def test_no_two_cuts_of_a_month_leave_a_ride_or_two_where_they_meet() -> None:
    """By counting alone: a day less what cannot be elsewhere. Two rides are four people at most."""
    met = 0
    for seed in range(WORLDS):
        for one in around(seed):
            said = {cut: told_by(one, cut) for cut in CUTS[1:]}
            said["town"] = told(one, rides_by(one.rides, "town"))
            if not said["town"]:
                continue
            whole = len(one.rides)
            parts = {}
            for cut, cells in said.items():
                counts = [records.amounts[0] for records in cells.values()]
                rest = [] if cut == "town" else [whole - sum(counts)]
                parts[cut] = [*counts, *rest, *(whole - count for count in counts)]
            for number, first in enumerate(CUTS):
                for second in CUTS[number + 1 :]:
                    for here in parts[first]:
                        for there in parts[second]:
                            low, high = attacker.overlap(here, there, whole)
                            assert not (low > 0 and 2 * high < attacker.K), (seed, first, second)
                            met += low > 0
    assert met > WORLDS


def around(seed: int) -> list[World]:
    """A world, and the same with one person more or one less."""
    draw, one = random.Random(-seed), world(seed)
    return [one, one.with_one_more(draw), one.with_one_less(draw)]


def test_subtracting_all_overlapping_figures_recovers_nobody() -> None:
    published = 0
    for seed in range(WORLDS):
        for one in around(seed):
            assert gives_away(one) == [], seed
            published += len(told(one, rides_by(one.rides, "town"))) > 2
    assert published > WORLDS, "an attacker who is told nothing learns nothing"


def test_without_complementary_suppression_the_attacker_wins() -> None:
    assert sum(bool(gives_away(world(seed), complementary=False)) for seed in range(40)) > 10


def test_nobody_follows_from_two_months_that_differ_by_one_person() -> None:
    """Figures of people are told rounded: this month's less last month's is never surely few."""
    for seed in range(WORLDS):
        months = []
        for one in around(seed):
            leaves = {}
            for town in set(one.homes.values()):
                there = {person: (1,) for person, home in one.homes.items() if home == town}
                leaves[town] = Records((len(there),), (len(there),), there)
            said = told(one, leaves)
            assert all(records.amounts[0] >= attacker.K for records in said.values())
            months.append(
                {
                    area: attacker.bounds(rounded(records.amounts[0], 10), 10)
                    for area, records in said.items()
                }
            )
        for now in months:
            for then in months:
                for area, value in now.items():
                    if area in then:
                        assert not attacker.surely_few(attacker.less(value, then[area])), seed
                    parts = [other for other in then if other < area]
                    for part in parts:
                        assert not attacker.surely_few(attacker.less(value, then[part])), seed


def test_nothing_follows_of_a_community_whose_number_its_page_tells() -> None:
    """How many members carpooled, told rounded, beside how many there are, exact, now and then."""
    published, all_told = 0, 0
    for seed in range(WORLDS):
        months = []
        for one in around(seed):
            seen = {person for ride in one.rides for person in (ride.driver, ride.passenger)}
            said = {}
            for number, members in enumerate(one.communities):
                inside, others = crowd(members & seen), crowd(members - seen)
                all_told += is_safe(inside) and not is_told_of_group(inside, others)
                if is_told_of_group(inside, others):
                    bounds = attacker.bounds(rounded(inside.amounts[0], 10), 10)
                    said[number] = bounds[0], min(bounds[1], len(members))
            published += len(said)
            months.append((one, said))
        for one, said in months:
            for number, carpooled in said.items():
                exact = len(one.communities[number]), len(one.communities[number])
                left = attacker.less(exact, carpooled)
                assert not attacker.surely_few(left), seed
                assert left[1] >= attacker.K, "told of nearly everybody, it is told of each"
                for place, part in said.items():
                    if one.communities[place] < one.communities[number]:
                        assert not attacker.surely_few(attacker.less(carpooled, part)), seed
                for _then, before in months:
                    if number in before:
                        rest = attacker.less(carpooled, before[number])
                        assert not attacker.surely_few(rest), seed
    assert published > WORLDS, "an attacker who is told nothing learns nothing"
    assert all_told > WORLDS // 4, "without the check of the others it would be told of each"


def crowd(people: Iterable[int]) -> Records:
    each = dict.fromkeys(people, (1,))
    return Records((len(each),), (len(each),), each)


def test_figures_of_people_are_all_rounded() -> None:
    """Exact ones would give away who came since last month, and who lives where in a community."""
    for source in SOURCES:
        people = source.kind == Kind.SEEN or source.communities or source.name == "adverts"
        assert source.round_to == (TENS if people else 1), source.name


@pytest.mark.parametrize(
    ("people", "safe"),
    [
        ({1: (1,), 2: (1,), 3: (1,), 4: (1,), 5: (1,), 6: (1,)}, True),
        ({1: (2,), 2: (1,), 3: (1,), 4: (1,), 5: (1,)}, False),  # five people
        ({1: (6,), 2: (1,), 3: (1,), 4: (1,), 5: (1,), 6: (1,)}, False),  # one has more than half
        ({1: (5,), 2: (1,), 3: (1,), 4: (1,), 5: (1,), 6: (1,)}, True),
        ({0: (1,), 2: (1,), 3: (1,), 4: (1,), 5: (1,), 6: (1,)}, False),  # who left is nobody
    ],
)
def test_six_people_and_none_above_half(people: dict[int, tuple[int, ...]], safe: bool) -> None:
    whole = (sum(share for (share,) in people.values()),)
    assert is_safe(Records(whole, whole, people)) is safe
