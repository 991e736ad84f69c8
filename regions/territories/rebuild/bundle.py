"""Writes ``data/territories.zip``: the register, the contours, and where both come from."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from regions.territories import outlines
from regions.territories.rebuild import abroad, coverage, sources
from regions.territories.rebuild.sources import Commune, Contours, Group, Register
from regions.territories.rebuild.topology import Shape, topology_of

DETAIL = {"communes": (300.0, 2000), "departements": (1000.0, 1000), "abroad": (0.0, 250)}
"""Per level: metres of detail removed (a triangle's side), grid steps per degree."""
ISLET_SQUARE_METRES = 2e6
TOWN_POPULATION = 20_000
"""Towns named on the map of the country."""
Degrees = tuple[float, float]
"""Latitude, longitude."""
NOWHERE: Degrees = (0.0, 0.0)
"""In the gulf of Guinea: no French municipality is there."""

ABOUT: dict[str, Any] = {
    "licence": "Licence Ouverte 2.0 (Etalab)",
    "register": {
        "package": f"npm {sources.REGISTER_PACKAGE} {sources.REGISTER_VERSION}",
        "producers": "INSEE (code officiel géographique, populations), DGCL (EPCI), La Poste",
        "date": "2026-01-01",
    },
    "contours": {
        "package": f"PyPI {sources.CONTOURS_PACKAGE} {sources.CONTOURS_VERSION} (data only)",
        "producers": "IGN (Admin Express), Etalab",
        "date": "2024-01-01, merged to the municipalities of 2026",
    },
    "abroad": {
        "package": f"npm {sources.ABROAD_PACKAGE} {sources.ABROAD_VERSION}",
        "producers": "Natural Earth 4.1 (public domain)",
        "date": "2018",
    },
}


def bundle_build(
    register: Register, contours: Contours, countries: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the members of the bundled file by name (pure: same input, same bytes)."""
    departement = {commune.code: commune.departement for commune in register.communes}
    masses: dict[str, dict[str, coverage.Geometries]] = {}
    for code, parts in coverage.contours_today(register.communes, contours).items():
        masses.setdefault(coverage.land_mass(departement[code]), {})[code] = parts

    points: dict[str, Degrees] = {}
    fine: dict[str, Shape] = {}
    coarse: dict[str, Shape] = {}
    middles: dict[str, Degrees] = {}
    beyond: dict[str, Shape] = {}
    for mass, outlines_of_mass in masses.items():
        whole = coverage.coverage_of(outlines_of_mass)
        points |= coverage.centroids(whole)
        metres, steps = DETAIL["communes"]
        fine |= coverage.on_grid(coverage.simplified(whole, metres), steps)
        departements = coverage.dissolved(whole, [departement[code] for code in whole.codes])
        middles |= coverage.centroids(departements)
        metres, steps = DETAIL["departements"]
        simple = coverage.simplified(departements, metres, smallest=ISLET_SQUARE_METRES)
        coarse |= coverage.on_grid(simple, steps)
        foreign = abroad.abroad_around(mass, departements, countries)
        if foreign is not None:
            beyond[mass] = coverage.on_grid(foreign, DETAIL["abroad"][1])["abroad"]

    members = {
        "about.json": _json(ABOUT, indent=2),
        "departements/france.json": _json(
            _country(register, coarse, middles, points) | {"abroad": _outlines(beyond, "abroad")}
        ),
    }
    by_departement: dict[str, list[Commune]] = {}
    for commune in register.communes:
        by_departement.setdefault(commune.departement, []).append(commune)
    for code, communes in sorted(by_departement.items()):
        # Near each other in the file as on the ground: steps and references are small numbers.
        near = sorted(communes, key=lambda one: _morton(points.get(one.code, NOWHERE)))
        document = municipalities_columns(near, points, register.groups)
        document |= _outlines({one.code: fine.get(one.code, []) for one in near}, "communes")
        members[f"communes/{code}.json"] = _json(document)
    return members


def bundle_write(members: Mapping[str, bytes], path: Path) -> int:
    """Write the members to ``path`` (same members, same bytes); return the size in bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9
            )
    return path.stat().st_size


def municipalities_columns(
    communes: Sequence[Commune], points: Mapping[str, Degrees], groups: Sequence[Group]
) -> dict[str, Any]:
    """Return municipalities as columns; ``at`` holds steps of latitude, longitude × 10 000.

    Those without contour have ``NOWHERE``: the loader gives them no coordinates.
    """
    own = {commune.intercommunality for commune in communes}
    here = [group for group in groups if group.code in own]
    number = {group.code: index for index, group in enumerate(here)}

    def steps() -> Iterator[int]:
        last = (0, 0)
        for commune in communes:
            lat, lon = points.get(commune.code, NOWHERE)
            at = (round(lat * 10_000), round(lon * 10_000))
            yield from (at[0] - last[0], at[1] - last[1])
            last = at

    return {
        "intercommunalities": [[group.code, group.kind, group.name] for group in here],
        "code": [one.code for one in communes],
        "name": [one.name for one in communes],
        "population": [one.population for one in communes],
        "postalCodes": [" ".join(one.postal_codes) for one in communes],
        "intercommunality": [number.get(one.intercommunality, -1) for one in communes],
        "at": outlines.integers_write(steps()),
    }


def _country(
    register: Register,
    shapes: Mapping[str, Shape],
    middles: Mapping[str, Degrees],
    points: Mapping[str, Degrees],
) -> dict[str, Any]:
    """Départements with their outlines where we have them, regions, and the towns to name."""
    departements = sorted(register.departements, key=lambda one: (one.code not in shapes, one.code))
    towns = sorted(
        (one for one in register.communes if one.code in points),
        key=lambda commune: (-(commune.population or 0), commune.code),
    )
    return {
        "regions": [[one.code, one.name] for one in register.regions],
        "departements": [
            [one.code, one.name, one.region, *middles.get(one.code, ())] for one in departements
        ],
        "towns": [
            [town.name, town.population, *points[town.code]]
            for town in towns
            if (town.population or 0) >= TOWN_POPULATION
        ],
        **_outlines({one.code: shapes.get(one.code, []) for one in departements}, "departements"),
    }


def _outlines(shapes: Mapping[str, Shape], level: str) -> dict[str, Any]:
    topology = topology_of(shapes)
    return {
        "perDegree": DETAIL[level][1],
        "arcs": outlines.arcs_write(topology.arcs),
        "rings": outlines.shapes_write(topology.shapes.values()),
    }


def _morton(point: Degrees) -> int:
    """Interleave the bits of a point in degrees: near points mostly get near numbers."""
    lat, lon = int((point[0] + 90) * 256), int((point[1] + 180) * 256)
    return sum(
        ((lat >> bit) & 1) << (2 * bit + 1) | ((lon >> bit) & 1) << (2 * bit) for bit in range(17)
    )


def _json(content: Any, indent: int | None = None) -> bytes:
    separators = None if indent else (",", ":")
    text = json.dumps(content, ensure_ascii=False, separators=separators, indent=indent)
    return text.encode()


def parts_summary(members: Mapping[str, bytes]) -> Iterable[str]:
    """Yield a line per kind of member, for the command's report."""
    kinds: dict[str, list[int]] = {}
    for name, content in members.items():
        kinds.setdefault(name.rsplit("/", 1)[0] if "/" in name else name, []).append(len(content))
    for kind, sizes in kinds.items():
        yield f"{kind}: {len(sizes)} file(s), {sum(sizes):,} bytes before compression"
