"""Lines of the demo: stops of the first ones, and members who follow them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from communities.communities.models import Community, Membership
from deploy.demo.places import Draw, Territory
from rides.adverts.inputs import Place, Slot, Weekly
from rides.adverts.lines import line_stops_set
from rides.adverts.services import advert_publish
from rides.places.queries import places_near

LINES: Final = 3
FOLLOWERS: Final = 4


def fill(draw: Draw, territory: Territory) -> None:
    """Give some lines their two ends and a carpool place between, and adverts along them."""
    rows = Community.objects.filter(kind=Community.Kind.LINE).order_by("pk")
    towns = {town.name: town for town in territory.towns}
    for community in rows[:LINES]:
        ends = community.name.removeprefix("Ligne ").split(" – ")
        if len(ends) != 2 or not all(name in towns for name in ends):
            continue
        start, end = (towns[name] for name in ends)
        near = places_near([start.point, end.point], most=12)
        between = [place for place in near if place.code not in (start.code, end.code)][:1]
        stops = [
            Place(start.code, "gare"),
            *(Place(one.code, one.name[:60], carpool_place=one.pk) for one in between),
            Place(end.code),
        ]
        line_stops_set(community=community, stops=stops)
        members = Membership.objects.filter(community=community).select_related("account")
        for number, membership in enumerate(members.order_by("-pk")[:FOLLOWERS]):
            leaves = dt.time(6 + number % 3, draw.random.choice((30, 40, 50)))
            back = dt.time(16 + number % 3, draw.random.choice((15, 35, 55)))
            places = stops if number % 2 == 0 else stops[::-1]
            advert_publish(
                author=membership.account,
                role="driver",
                origin=places[0],
                destination=places[-1],
                stops=places[1:-1],
                planning=Weekly([Slot(day, leaves, back) for day in range(5)]),
                seats=3,
                public_holidays=False,
                communities=[community],
                public_id=uuid.UUID(int=draw.random.getrandbits(128), version=4),
            )
