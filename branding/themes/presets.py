"""Looks to start from, and which one suits a region's landscape. Pure data, no Django.

A new region wears one until its people choose: no two neighbours start alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Preset:
    """Two colours, a landscape and a corner style that go together."""

    primary: str
    secondary: str
    motif: str
    radius: str


PRESETS: Final[dict[str, Preset]] = {
    "ocean": Preset("#0b6e75", "#f2a93b", "waves", "soft"),
    "brick": Preset("#6a2c82", "#f0705a", "bricks", "round"),
    "channel": Preset("#24598f", "#e8b54a", "waves", "straight"),
    "orchard": Preset("#2f6b3c", "#e58f3a", "fields", "soft"),
    "summit": Preset("#35509a", "#5fb4c9", "hills", "soft"),
    "forest": Preset("#2c6b57", "#d9a441", "leaves", "round"),
    "vineyard": Preset("#7d2a54", "#d99a3d", "hills", "straight"),
    "lavender": Preset("#5a48a8", "#f0b84a", "fields", "round"),
    "lagoon": Preset("#00697f", "#f28b6b", "waves", "round"),
    "city": Preset("#2f4468", "#e2a24c", "arches", "straight"),
}

_OF_REGION: Final[dict[str, str]] = {
    "01": "lagoon",  # Guadeloupe
    "02": "lagoon",  # Martinique
    "03": "forest",  # Guyane
    "04": "lagoon",  # La Réunion
    "06": "lagoon",  # Mayotte
    "11": "city",  # Île-de-France
    "24": "orchard",  # Centre-Val de Loire
    "27": "vineyard",  # Bourgogne-Franche-Comté
    "28": "channel",  # Normandie
    "32": "brick",  # Hauts-de-France
    "44": "forest",  # Grand Est
    "52": "ocean",  # Pays de la Loire
    "53": "ocean",  # Bretagne
    "75": "forest",  # Nouvelle-Aquitaine
    "76": "vineyard",  # Occitanie
    "84": "summit",  # Auvergne-Rhône-Alpes
    "93": "lavender",  # Provence-Alpes-Côte d'Azur
    "94": "summit",  # Corse
}


def preset_for(regions: Iterable[str]) -> Preset:
    """The preset of the first known INSEE region code, else ``city``."""
    for code in regions:
        if code in _OF_REGION:
            return PRESETS[_OF_REGION[code]]
    return PRESETS["city"]
