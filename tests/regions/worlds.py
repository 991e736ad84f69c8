"""Small worlds for the attacker: areas that nest and cross, people, and what they shared."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

HOURS = ("06", "07", "08", "17", "18")
DAYS = tuple(f"2026-10-{day:02d}" for day in range(5, 11))


@dataclass(frozen=True)
class Ride:
    """A journey: who, from which municipality, on which day, how far."""

    driver: int
    passenger: int
    town: str
    day: str
    metres: int
    hour: str = "07"

    @property
    def distance(self) -> str:
        """Class of distance, in tens of kilometres."""
        return f"{self.metres // 10_000}"


@dataclass(frozen=True)
class World:
    """Municipalities with the area of each level that they lie in, people and rides."""

    levels: tuple[dict[str, str], ...]
    inhabitants: dict[str, int]
    homes: dict[int, str]
    rides: tuple[Ride, ...] = field(default=())
    communities: tuple[frozenset[int], ...] = field(default=())
    """Who is in which; some lie in others, as everybody may know."""

    def values(self, cut: str) -> list[str]:
        """What a month is cut into, whether something happened there or not."""
        known = {"town": list(self.inhabitants), "day": list(DAYS), "hour": list(HOURS)}
        return known.get(cut) or [str(number) for number in range(9)]

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
            Ride(
                new,
                partner,
                town,
                draw.choice(DAYS),
                draw.randrange(3_000, 60_000),
                draw.choice(HOURS),
            )
            for _ in range(draw.randrange(1, 12))
        ]
        communities = tuple(one | {new} if draw.random() < 0.5 else one for one in self.communities)
        return replace(
            self,
            homes={**self.homes, new: town},
            rides=(*self.rides, *rides),
            communities=communities,
        )

    def with_one_less(self, draw: random.Random) -> World:
        """The same without somebody, who deleted all they had."""
        gone = draw.choice(list(self.homes))
        homes = {person: town for person, town in self.homes.items() if person != gone}
        rides = tuple(one for one in self.rides if gone not in (one.driver, one.passenger))
        communities = tuple(one - {gone} for one in self.communities)
        return replace(self, homes=homes, rides=rides, communities=communities)


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
            hour = draw.choice(HOURS)
            rides.append(Ride(driver, partner, homes[driver], draw.choice(DAYS), metres, hour))
    return World(
        levels=(regions, departements, unions, {town: town for town in towns}),
        inhabitants={town: draw.randrange(100, 50_000) for town in towns},
        homes=homes,
        rides=tuple(rides),
        communities=_communities(draw, sorted(homes)),
    )


def _communities(draw: random.Random, people: list[int]) -> tuple[frozenset[int], ...]:
    """Some communities of people, and parts of some of them."""
    found: list[frozenset[int]] = []
    for _number in range(4):
        size = min(len(people), draw.choice([4, 6, 7, 9, 14, 30, 60]))
        whole = draw.sample(people, size)
        found.append(frozenset(whole))
        for part in draw.choice([(), (0.5,), (0.4, 0.8), (0.9,)]):
            found.append(frozenset(whole[: round(size * part)]))
    return tuple(found)
