"""Carpool places of the demo: invented, and each says so."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

from deploy.demo.bulk import insert
from deploy.demo.places import Draw, Territory
from rides.places.models import CarpoolPlace

COUNT: Final = 320
_NAMES: Final = {
    "Aire de covoiturage": ("Aire de {}", "Aire de l’échangeur de {}", "Aire de {} nord"),
    "Parking": ("Parking de la gare de {}", "Parking de la mairie de {}"),
    "Parking relais": ("Parking relais de {}",),
    "Supermarché": ("Parking du supermarché de {}",),
    "Délaissé routier": ("Rond-point de {}",),
    "Auto-stop": ("Arrêt sur le pouce de {}",),
}
SOURCE: Final = "Exemple (lieu inventé pour la démonstration)"


def fill(draw: Draw, territory: Territory, now: dt.datetime) -> None:
    """Write some hundred places near the edge of towns, larger towns first."""
    random = draw.random
    rows = []
    towns = [territory.towns[index] for index in territory.spread(9_000)][:COUNT]
    for number, town in enumerate(towns, start=1):
        kind = random.choice(["Aire de covoiturage"] * 4 + list(_NAMES))
        angle, away = random.uniform(0, 2 * math.pi), random.uniform(400, 1_600)
        lat = town.point.lat + away * math.cos(angle) / 111_195
        lon = town.point.lon + away * math.sin(angle) / (
            111_195 * math.cos(math.radians(town.point.lat))
        )
        spaces = None if kind == "Auto-stop" else random.choice([10, 15, 20, 25, 30, 40, 60])
        rows.append(
            CarpoolPlace(
                key=f"EXEMPLE-{town.code}-{number}",
                name=random.choice(_NAMES[kind]).format(town.name),
                town=town.name,
                code=town.code,
                kind=kind,
                dated=now.date() - dt.timedelta(days=random.randrange(20, 400)),
                source=SOURCE,
                lat=round(lat, 6),
                lon=round(lon, 6),
                spaces=spaces,
                accessible_spaces=1 if spaces and spaces > 20 else None,
                is_lit=random.random() < 0.6,
                hours="24/7",
                imported_at=now,
            )
        )
    insert(rows)
