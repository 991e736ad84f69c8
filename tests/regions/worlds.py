"""Small worlds for the attacker: areas that nest and cross, people, and what they shared."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

DAYS = tuple(f"2026-10-{day:02d}" for day in range(5, 11))


@dataclass(frozen=True)
class Ride:
    """A journey: who, from which municipality, on which day, how far."""

    driver: int
    passenger: int
    town: str
    day: str
    metres: int


@dataclass(frozen=True)
class World:
    """Municipalities with the area of each level that they lie in, people and rides."""

    levels: tuple[dict[str, str], ...]
    inhabitants: dict[str, int]
    homes: dict[int, str]
    rides: tuple[Ride, ...] = field(default=())

    def cells(self) -> list[frozenset[str]]:
        """Every area there is: sets of municipalities."""
        found = [frozenset(self.levels[-1])]
        for level in self.levels:
            areas: dict[str, set[str]] = {}
            for town, area in level.items():
                areas.setdefault(area, set()).add(town)
            found += [frozenset(one) for one in areas.values()]
        return found

    def with_one_more(self, draw: random.Random) -> World:
        """The same, and somebody new who rides with others."""
        new = max(self.homes) + 1
        town = draw.choice(list(self.inhabitants))
        partner = draw.choice(list(self.homes))
        rides = [
            Ride(new, partner, town, draw.choice(DAYS), draw.randrange(3_000, 60_000))
            for _ in range(draw.randrange(1, 12))
        ]
        return replace(self, homes={**self.homes, new: town}, rides=(*self.rides, *rides))

    def with_one_less(self, draw: random.Random) -> World:
        """The same without somebody, who deleted all they had."""
        gone = draw.choice(list(self.homes))
        homes = {person: town for person, town in self.homes.items() if person != gone}
        rides = tuple(one for one in self.rides if gone not in (one.driver, one.passenger))
        return replace(self, homes=homes, rides=rides)


def world(seed: int) -> World:
    """A world, the same for the same seed. Some intercommunalities lie in two départements."""
    draw = random.Random(seed)
    towns = [f"{number:02d}" for number in range(draw.randrange(5, 13))]
    departements = {town: draw.choice("ABC") for town in towns}
    regions = {town: "2" if area == "C" else "1" for town, area in departements.items()}
    unions = {
        town: draw.choice("wxyz") + (departements[town] if draw.random() < 0.7 else "")
        for town in towns
        if draw.random() < 0.95
    }
    weights = [draw.random() ** 2 + 0.02 for _ in towns]
    people = draw.randrange(4, 90)
    homes = {one + 1: draw.choices(towns, weights)[0] for one in range(people)}
    rides = []
    for driver in range(1, people, draw.choice([1, 2, 3])):
        there = [one for one in homes if homes[one] == homes[driver] and one != driver]
        partner = draw.choice(there or [one for one in homes if one != driver])
        for _ in range(draw.choice([1, 1, 2, 4, 9])):
            metres = draw.choice([4_000, 12_000, 35_000, 80_000])
            rides.append(Ride(driver, partner, homes[driver], draw.choice(DAYS), metres))
    return World(
        levels=(regions, departements, unions, {town: town for town in towns}),
        inhabitants={town: draw.randrange(100, 50_000) for town in towns},
        homes=homes,
        rides=tuple(rides),
    )
