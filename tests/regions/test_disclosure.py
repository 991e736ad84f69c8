"""What is published gives nobody away: an attacker subtracts everything from everything."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping

import pytest

from regions.statistics.disclosure import Records, is_safe, publishable, rounded
from tests.regions import attacker
from tests.regions.worlds import DAYS, Ride, World, world

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


def told_by_day(world: World, *, complementary: bool = True) -> Told:
    leaves = rides_by(world.rides, "day")
    found = publishable(
        leaves,
        [{day: day for day in leaves}],
        first_back=[lambda code: (code,)],
        complementary=complementary,
    )
    return {frozenset([day]): records for day, records in found[1].items()} if found else {}


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


def gives_away(world: World, *, complementary: bool = True) -> list[str]:
    """What the attacker learns of few people from a month of rides, by area and by day."""
    areas = told(world, rides_by(world.rides, "town"), complementary=complementary)
    days = told_by_day(world, complementary=complementary)
    grid = {(town, day) for town in world.inhabitants for day in DAYS}
    published = [{(town, day) for town in area for day in DAYS} for area in areas]
    published += [{(town, day) for town in world.inhabitants for day in one} for one in days]
    targets = attacker.combinations(
        [{(town, day) for town in area for day in DAYS} for area in world.cells()]
        + [{(town, day) for town in world.inhabitants} for day in DAYS]
    ) | {frozenset([leaf]) for leaf in grid}
    learnt = []
    for target in attacker.recovered(published, targets, grid):
        inside = [ride for ride in world.rides if (ride.town, ride.day) in target]
        _amounts, _base, people = shares(inside)
        for place, whole in ((0, len(inside)), (1, sum(ride.metres for ride in inside))):
            few = attacker.tells_of_few({one: own[place] for one, own in people.items()})
            dominated = any(2 * own[place] > whole for own in people.values())
            if people and (len(people) < attacker.K or (few and dominated)):
                learnt.append(f"{sorted(target)}: {len(people)} people")
    return learnt


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
