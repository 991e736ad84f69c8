"""The people of a demo region and the communities they belong to. Nobody of them exists."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from deploy.demo.names import LAST, MEN, WOMEN
from deploy.demo.places import Draw, Territory, home
from rides.matching.geometry import Floats

MAY_JOIN: Final = 1_500
"""So many of those who live nearest may be drawn into a community."""
FOUNDED: Final = 1500
"""Days ago when the first people and communities came."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be: an account in one region."""

    email: str
    first_name: str
    last_name: str
    title: str
    birth_date: dt.date
    town: int
    joined: dt.datetime
    news: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A community to be, around a town; members are places in the list of people."""

    name: str
    kind: str
    short_description: str
    description: str
    town: int
    founded: dt.datetime
    members: tuple[int, ...]
    """The first runs it."""


_CONTRACTIONS: Final = (
    (re.compile(r"\bde Le "), "du "),
    (re.compile(r"\bde Les "), "des "),
    (re.compile(r"\bà Le "), "au "),
    (re.compile(r"\bà Les "), "aux "),
    (re.compile(r"\bde (?=[AEIOUYÂÉÈÊÎÔŒ]|H[éa])"), "d’"),
)


def _contracted(text: str) -> str:
    """The text as French joins its articles: « Habitant·e·s du Mans », « Campus d’Amiens »."""
    for pattern, joined in _CONTRACTIONS:
        text = pattern.sub(joined, text)
    return text


def _address(first: str, last: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace(" ", "-"))
    stem = "".join(letter for letter in plain if letter.isascii())
    number = 1
    while True:
        address = f"{stem}{number if number > 1 else ''}@example.org"
        if address not in taken:
            taken.add(address)
            return address
        number += 1


def people(draw: Draw, territory: Territory, count: int, now: dt.datetime) -> list[Person]:
    """``count`` people of 18 to 72, where people live, who came over the last months."""
    taken: set[str] = set()
    found = []
    for _ in range(count):
        woman = draw.chance(0.52)
        first = draw.random.choice(WOMEN if woman else MEN)
        last = draw.random.choice(LAST)
        age = min(max(draw.random.gauss(39, 12), 18.5), 72)
        since = FOUNDED * draw.random.random() ** 0.6  # about a tenth more each year
        found.append(
            Person(
                email=_address(first, last, taken),
                first_name=first,
                last_name=last,
                title="mrs" if woman else "mr",
                birth_date=(now - dt.timedelta(days=365.25 * age)).date(),
                town=home(draw, territory),
                joined=now - dt.timedelta(days=since, minutes=draw.random.randrange(1440)),
                news=draw.chance(0.55),
            )
        )
    return found


_KINDS: Final = (
    (
        "organisation",
        "Zone d’activités de {x}",
        "Les salarié·e·s de la zone d’activités de {x} partagent leurs trajets domicile-travail.",
        "Une vingtaine d’entreprises, un arrêt de bus toutes les heures et un parking plein dès "
        "9 h : à {x}, covoiturer change la journée. Départs groupés à 7 h 45 et 17 h 30, places "
        "réservées aux covoitureur·ses devant l’entrée nord.",
    ),
    (
        "organisation",
        "Campus de {x}",
        "Étudiant·e·s et personnel du campus de {x} : aller en cours à plusieurs.",
        "Horaires décalés, partiels du samedi, retours du vendredi soir : proposez ou trouvez une "
        "place pour le campus de {x}. Toutes les formations sont les bienvenues.",
    ),
    (
        "organisation",
        "Centre hospitalier de {x}",
        "Équipes de jour et de nuit de l’hôpital de {x}.",
        "Des trajets qui suivent les relèves : 6 h 30, 13 h 30 et 20 h 30. Précisez votre service "
        "et vos roulements dans votre annonce.",
    ),
    (
        "territory",
        "Habitant·e·s de {x}",
        "Voisin·e·s de {x} et des alentours, pour les trajets de tous les jours.",
        "Marché, gare, rendez-vous médical, sorties : entre voisin·e·s de {x}, il y a toujours "
        "quelqu’un qui va dans la même direction. Un café-covoiturage a lieu chaque premier samedi "
        "du mois.",
    ),
    (
        "territory",
        "Parents d’élèves de {x}",
        "S’organiser pour conduire les enfants à l’école et aux activités.",
        "Écoles, collège, gymnase, conservatoire : à {x}, un trajet sur deux transporte un seul "
        "enfant. Partageons-les.",
    ),
    (
        "line",
        "Ligne {x} – {y}",
        "Tous les jours ouvrés entre {x} et {y}, dans les deux sens.",
        "L’axe {x} – {y} est emprunté chaque jour par des milliers de conducteur·rices seul·e·s. "
        "Rejoignez la ligne : arrêts sur les aires de covoiturage, départs de 6 h 45 à 8 h 30.",
    ),
)


def _nearest(metres: Floats, count: int) -> list[int]:
    """The places of the ``count`` least, in the order of the list."""
    if len(metres) <= count:
        return list(range(len(metres)))
    return sorted(np.argpartition(metres, count)[:count].tolist())


def groups(
    draw: Draw, territory: Territory, crowd: list[Person], count: int, now: dt.datetime
) -> Iterator[Group]:
    """``count`` communities around larger towns; those who live near join first."""
    homes = np.array([one.town for one in crowd])
    towns = territory.largest(count)
    partners = territory.largest(max(count, 60))
    for number, town in enumerate(towns[:count]):
        kind, name, short, long = _KINDS[number % len(_KINDS)]
        near = territory.metres_from(town)
        other = next(index for index in partners if index != town and 12_000 < near[index] < 90_000)
        words = {"x": territory.towns[town].name, "y": territory.towns[other].name}
        order = sorted(
            _nearest(near[homes], MAY_JOIN),
            key=lambda one: near[homes[one]] * (0.3 + draw.random.random()),
        )
        size = min(8 + int(draw.random.paretovariate(1.1) * 9), 72, len(crowd))
        founded = now - dt.timedelta(days=FOUNDED * (0.1 + 0.9 * draw.random.random()))
        yield Group(
            name=_contracted(name.format(**words)),
            kind=kind,
            short_description=_contracted(short.format(**words)),
            description=_contracted(long.format(**words)),
            town=town,
            founded=founded,
            members=tuple(order[:size]),
        )
