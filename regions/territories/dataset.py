"""Reads the bundled file ``data/territories.zip``.

``rebuild/`` makes it, ``data/SOURCES.md`` says from what.

Members: ``about.json``; ``departements/france.json`` (départements with outlines, regions, towns);
``communes/<département>.json`` (its municipalities as columns, with their outlines). The maps fetch
the last two as they are, so they hold nothing that is not public.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regions.territories import outlines

BUNDLE = Path(__file__).parent / "data" / "territories.zip"
COUNTRY = "departements/france"
_NOWHERE = (0, 0)
VERSION = hashlib.sha256(BUNDLE.read_bytes()).hexdigest()[:12]
"""A short name of the bundled file's content: it changes when the file does."""


@dataclass(frozen=True, slots=True)
class Record:
    """A municipality as bundled; ``lat`` and ``lon`` (WGS 84 degrees) are ``None`` without contour.

    ``intercommunality`` is a SIREN code, empty for the few islands that belong to none.
    """

    code: str
    name: str
    departement: str
    region: str
    postal_codes: tuple[str, ...]
    population: int | None
    intercommunality: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """An intercommunality: SIREN code, kind (CC, CA, CU, METRO, MET69), name."""

    code: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Area:
    """A département (``region`` is its region's code) or a region (``region`` is its own)."""

    code: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Register:
    """Everything the database is loaded with."""

    regions: list[Area]
    departements: list[Area]
    groups: list[Group]
    municipalities: list[Record]


def about() -> dict[str, Any]:
    """Return sources, dates and licence."""
    with zipfile.ZipFile(BUNDLE) as bundle:
        told: dict[str, Any] = json.loads(bundle.read("about.json"))
        return told


def document_gzip(name: str) -> bytes | None:
    """Return a member (``communes/35`` without suffix) in gzip form, ``None`` if there is none.

    The bundle already holds it deflated, so nothing is compressed here: a gzip header and trailer
    are put around the stored bytes.
    """
    with zipfile.ZipFile(BUNDLE) as bundle:
        try:
            member = bundle.getinfo(f"{name}.json")
        except KeyError:
            return None
        if "/" not in name:
            return None
        with BUNDLE.open("rb") as raw:
            raw.seek(member.header_offset + 26)
            name_length, extra_length = struct.unpack("<HH", raw.read(4))
            raw.seek(name_length + extra_length, 1)
            deflated = raw.read(member.compress_size)
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return header + deflated + struct.pack("<II", member.CRC, member.file_size)


def register() -> Register:
    """Read every municipality, département, region and intercommunality, sorted by code."""
    with zipfile.ZipFile(BUNDLE) as bundle:
        country = json.loads(bundle.read(f"{COUNTRY}.json"))
        departements = [
            Area(code, name, region) for code, name, region, *_ in country["departements"]
        ]
        groups: dict[str, Group] = {}
        municipalities: list[Record] = []
        for departement in departements:
            document = json.loads(bundle.read(f"communes/{departement.code}.json"))
            for row in document["intercommunalities"]:
                groups[row[0]] = Group(*row)
            municipalities.extend(_records(document, departement))
    return Register(
        regions=[Area(code, name, code) for code, name in sorted(country["regions"])],
        departements=sorted(departements, key=lambda one: one.code),
        groups=sorted(groups.values(), key=lambda one: one.code),
        municipalities=sorted(municipalities, key=lambda one: one.code),
    )


def _records(document: dict[str, Any], departement: Area) -> Iterator[Record]:
    groups = document["intercommunalities"]
    steps = outlines.integers_read(document["at"])
    lat = lon = 0
    for code, name, population, postal_codes, group in zip(
        document["code"],
        document["name"],
        document["population"],
        document["postalCodes"],
        document["intercommunality"],
        strict=True,
    ):
        lat += next(steps)
        lon += next(steps)
        known = (lat, lon) != _NOWHERE
        yield Record(
            code=code,
            name=name,
            departement=departement.code,
            region=departement.region,
            postal_codes=tuple(postal_codes.split()),
            population=population,
            intercommunality=groups[group][0] if group >= 0 else "",
            lat=lat / 10_000 if known else None,
            lon=lon / 10_000 if known else None,
        )
