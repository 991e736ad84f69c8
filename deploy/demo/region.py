"""One region of the demo, filled in one go: people, communities, memberships, adverts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapreplace
from typing import Final

import numpy as np
from django.utils import timezone
from django.utils.text import slugify

from communities.communities.models import Community, Membership
from core.accounts.models import Account, AccountSettings
from core.accounts.services import (
    AccountDraft,
    accounts_create_verified,
)
from deploy.demo import carpool_places, cast, line_stops
from deploy.demo.bulk import insert
from deploy.demo.journeys import Journey, Served, commutes, lines, outings
from deploy.demo.people import FOUNDED, Group, Person, groups, people
from deploy.demo.places import Draw, Territory, Town
from regions.territories.names import fold
from rides.adverts.indexing import Crossed, index_fill
from rides.adverts.inputs import Slot
from rides.adverts.models import Advert, AdvertCommunity, Schedule
from rides.adverts.routes import route_columns
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Scale:
    """How much a region holds."""

    people: int
    communities: int
    commutes: int
    outings: int
    served: int
    """Towns of each région between which every day has a ride."""
    shared: int
    """Adverts whose authors may have had company for months."""


AGES: Final = 90 * 1440
"""Minutes since one-off adverts were published, at most; what ``_age`` takes."""


_SPOTS: Final = (
    "gare",
    "mairie",
    "place du marché",
    "aire de covoiturage",
    "stade",
    "salle des fêtes",
    "piscine",
    "médiathèque",
    "rond-point de l’entrée nord",
    "arrêt de bus du centre",
)
_COMMENTS: Final = (
    "Départ flexible de dix minutes, prévenez-moi la veille.",
    "Je peux m’arrêter sur l’aire de covoiturage.",
    "Musique douce, non-fumeur·se, bonne humeur.",
    "Coffre libre pour un vélo pliant.",
    "Trajet tranquille par la voie rapide, je ne roule pas vite.",
    "Nouveau poste, je cherche à partager la route dès que possible.",
    "Je télétravaille parfois : demandez-moi avant de compter sur moi.",
    "On partage les frais ou on alterne les voitures, à voir ensemble.",
    "Ponctualité appréciée, j’ai un train à prendre ensuite.",
    "Chien accepté s’il est calme.",
)


class Region:
    """One region, being filled inside its scope and transaction."""

    def __init__(
        self,
        region: cast.DemoRegion,
        tenant: Tenant,
        scale: Scale,
        seed: int,
        password_hash: str,
    ) -> None:
        self.region, self.scale, self.password_hash = region, scale, password_hash
        self.zone = tenant.time_zone
        self.draw = Draw(f"{seed}:{region.slug}")
        self.whims = Draw(f"{seed}:{region.slug}:whims")
        self.places = Draw(f"{seed}:{region.slug}:places")
        self.now = timezone.now()
        self.today = self.now.date()
        self.territory = Territory.of_regions(region.codes)

    def fill(self) -> None:
        """Write everything."""
        crowd = people(self.draw, self.territory, self.scale.people, self.now)
        accounts, homes = self._accounts(crowd)
        communities = self._communities(accounts, homes, crowd)
        self._adverts(accounts, homes, communities)
        carpool_places.fill(self.places, self.territory, self.now)
        line_stops.fill(self.places, self.territory)

    # --- people ---------------------------------------------------------------------------------
    def _accounts(self, crowd: Sequence[Person]) -> tuple[list[Account], list[int]]:
        """Make accounts; return them, the cast first, and the town of each."""
        version = AccountSettings.current().charter_version
        towns = self.territory.towns
        made = accounts_create_verified(
            drafts=[
                AccountDraft(
                    one.email,
                    one.first_name,
                    one.last_name,
                    password_hash=self.password_hash,
                    title=one.title,
                    birth_date=one.birth_date,
                    residence_code=towns[one.town].code,
                    created_at=one.joined,
                    charter_version=version,
                    news=one.news,
                )
                for one in crowd
            ]
        )
        known: list[Account] = []
        homes: list[int] = []
        for one in cast.ACCOUNTS:
            if one.region != self.region.slug:
                continue
            account = Account.objects.get(email=one.email)
            account.created_at = self.now - dt.timedelta(days=FOUNDED)
            account.save(update_fields=["created_at"])
            known.append(account)
            homes.append(self.territory.index_of(one.residence))
        return [*known, *made], [*homes, *(one.town for one in crowd)]

    # --- communities ----------------------------------------------------------------------------
    def _communities(
        self, accounts: Sequence[Account], homes: Sequence[int], crowd: list[Person]
    ) -> dict[int, list[Community]]:
        """Make communities and memberships; return those of each account's place in the list."""
        count = self.scale.communities
        planned = list(groups(self.draw, self.territory, crowd, count, self.now))
        rows = [self._community(one, accounts) for one in planned]
        insert(rows)
        first = len(accounts) - len(crowd)  # the cast
        of: dict[int, list[Community]] = {}
        memberships: list[Membership] = []
        for group, community in zip(planned, rows, strict=True):
            joined = {first + place: number == 0 for number, place in enumerate(group.members)}
            for place in range(first):
                # The cast belong to the communities nearest to where they live.
                joined |= {place: False} if self._near(place, homes, planned, group) else {}
            referent = self._cast_place(cast.REFERENT)
            if joined.get(referent) is not None:
                joined[referent] = True
            for place, runs in joined.items():
                of.setdefault(place, []).append(community)
                memberships.append(self._membership(accounts[place], community, group, runs))
        insert(memberships)
        return of

    def _cast_place(self, role: str) -> int:
        mine = [one.role for one in cast.ACCOUNTS if one.region == self.region.slug]
        return mine.index(role)

    def _near(
        self, place: int, homes: Sequence[int], planned: Sequence[Group], group: Group
    ) -> bool:
        """Whether a community is one of the three nearest to where somebody lives."""
        metres = self.territory.metres_from(homes[place])
        return group in sorted(planned, key=lambda one: float(metres[one.town]))[:3]

    def _community(self, group: Group, accounts: Sequence[Account]) -> Community:
        town = self.territory.towns[group.town]
        return Community(
            public_id=self._uuid(),
            slug=slugify(group.name)[:60],
            name=group.name,
            name_key=fold(group.name),
            search_key=fold(f"{group.name} {town.name} {group.short_description}"),
            kind=group.kind,
            short_description=group.short_description,
            description=group.description,
            contact_email="mobilite@ville.example" if group.kind == "organisation" else "",
            place_label=town.name,
            municipality_code=town.code,
            lat=town.point.lat,
            lon=town.point.lon,
            created_at=group.founded,
            updated_at=group.founded,
            created_by=accounts[-1],
        )

    def _membership(
        self, account: Account, community: Community, group: Group, runs: bool
    ) -> Membership:
        since = max(group.founded, account.created_at) if not runs else group.founded
        since += (self.now - since) * (0.0 if runs else self.draw.random.random())
        since = min(since, self.now)
        return Membership(
            account=account,
            community=community,
            status=Membership.Status.ACCEPTED,
            role=Membership.Role.MODERATOR if runs else Membership.Role.MEMBER,
            joined_at=since,
            accepted_at=since,
        )

    # --- adverts --------------------------------------------------------------------------------
    def _adverts(
        self,
        accounts: Sequence[Account],
        homes: Sequence[int],
        communities: dict[int, list[Community]],
    ) -> None:
        scale, territory = self.scale, self.territory
        # Near the larger towns of each région, and somewhere near everything.
        served = Served(territory, territory.largest(scale.served))
        around = Served(territory, territory.spread(12_000), radius=8_000, share=0.6)
        planned = [
            *commutes(self.draw, territory, scale.commutes),
            *outings(self.draw, territory, scale.outings),
        ]
        for journey in planned:
            served.add(journey)
        planned.extend(lines(self.draw, served, shared=True))
        for journey in planned:
            around.add(journey)
        planned.extend(lines(self.draw, around, least=15_000, shared=False))
        authors = self._authors(planned, homes)
        crossed: Crossed = {}
        adverts = [
            self._advert(journey, accounts[author], crossed)
            for journey, author in zip(planned, authors, strict=True)
        ]
        insert(adverts)
        insert(
            [
                Schedule(
                    advert=advert,
                    weekday=day,
                    time=_clock(leaves),
                    return_time=None if back is None else _clock(back),
                )
                for journey, advert in zip(planned, adverts, strict=True)
                for day, (leaves, back) in journey.slots.items()
            ]
        )
        insert(
            [
                AdvertCommunity(advert=advert, community=community)
                for author, advert in zip(authors, adverts, strict=True)
                for community in communities.get(author, [])
                if self.draw.chance(0.6)
            ]
        )

    def _authors(self, planned: Sequence[Journey], homes: Sequence[int]) -> list[int]:
        """Who publishes each journey: people who live near its start, everyone their share.

        Each pays the kilometres to the start, and 8 more for every advert they have already; the
        one who pays least publishes. People of one town are told apart by their adverts alone.
        """
        living: dict[int, list[tuple[float, int]]] = {}
        for place, town in enumerate(homes):
            living.setdefault(town, []).append((0.0, place))  # a heap as it is: all equal
        towns = list(living)
        vectors = self.territory.vectors[towns]
        least = np.zeros(len(towns))
        chosen = []
        for journey in planned:
            away = np.linalg.norm(vectors - self.territory.vectors[journey.start], axis=1)
            index = int(np.argmin(away * 6_371 + least))
            people_there = living[towns[index]]
            busy, author = people_there[0]
            heapreplace(people_there, (busy + 8.0, author))
            least[index] = people_there[0][0]
            chosen.append(author)
        return chosen

    def _advert(self, journey: Journey, author: Account, crossed: Crossed) -> Advert:
        start, end = self.territory.towns[journey.start], self.territory.towns[journey.end]
        published = max(
            self.now - _age(self.draw.random.randrange(30, AGES), regular=journey.ahead is None),
            author.created_at,
        )
        advert = Advert(
            public_id=self._uuid(),
            author=author,
            role=journey.role,
            seats=journey.seats,
            zone=self.zone,
            origin_code=start.code,
            origin_label=self._label(start),
            origin_lat=start.point.lat,
            origin_lon=start.point.lon,
            destination_code=end.code,
            destination_label=self._label(end),
            destination_lat=end.point.lat,
            destination_lon=end.point.lon,
            **route_columns(start.point, end.point),
            comment=self.draw.random.choice(_COMMENTS) if self.draw.chance(0.45) else "",
            created_at=published,
            updated_at=published,
        )
        whims = self.whims
        advert.cents_per_km = whims.random.choice((6, 6, 6, 6, 6, 5, 8, 10, 0, 0))
        advert.wheelchair = whims.chance(0.05)
        if journey.ahead is None:
            advert.school_holidays = not whims.chance(0.1)
            advert.public_holidays = not whims.chance(0.3)
            advert.kind = Advert.Kind.REGULAR
            advert.valid_from = min(published.date(), self.today)
            advert.valid_until = self.today + dt.timedelta(days=365)
        else:
            advert.kind = Advert.Kind.ONE_OFF
            advert.date = self.today + dt.timedelta(days=journey.ahead)
            advert.time = _clock(journey.leaves)
            if journey.returns is not None:
                ahead, back = journey.returns
                advert.return_date = self.today + dt.timedelta(days=ahead)
                advert.return_time = _clock(back)
        slots = [
            Slot(day, _clock(leaves), None if back is None else _clock(back))
            for day, (leaves, back) in journey.slots.items()
        ]
        index_fill(advert, slots, known=crossed)
        return advert

    def _label(self, town: Town) -> str:
        if not self.draw.chance(0.35):
            return town.name
        return f"{town.name}, {self.draw.random.choice(_SPOTS)}"

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.draw.random.getrandbits(128), version=4)


def _age(minutes: int, *, regular: bool) -> dt.timedelta:
    """How long an advert has been online: weeks; most regular ones for years, some quite new."""
    share = minutes / AGES
    if not regular or share < 0.1:
        return dt.timedelta(minutes=minutes)
    return dt.timedelta(days=1100 * ((share - 0.1) / 0.9) ** 0.7)


def _clock(minutes: int) -> dt.time:
    return dt.time(minutes // 60, minutes % 60)
