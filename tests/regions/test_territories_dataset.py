"""The bundled file itself: complete, light, and made of public things only."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections import Counter

import shapely

from regions.territories import dataset, names, outlines

OVERSEAS_COLLECTIVITIES = {"975", "977", "978", "984", "986", "987", "988", "989"}


def test_every_municipality_is_there_once() -> None:
    register = dataset.register()
    codes = [one.code for one in register.municipalities]
    assert len(codes) == len(set(codes)) == 34_969
    assert codes == sorted(codes)
    assert len(register.departements) == 109
    assert len(register.regions) == 26
    assert len(register.groups) == 1_255


def test_what_a_municipality_refers_to_exists() -> None:
    register = dataset.register()
    departements = {one.code: one.region for one in register.departements}
    groups = {one.code for one in register.groups}
    regions = {one.code for one in register.regions}
    for one in register.municipalities:
        assert departements[one.departement] == one.region
        assert one.region in regions
        assert one.intercommunality in groups or not one.intercommunality
        assert all(len(code) == 5 and code.isdigit() for code in one.postal_codes)
    alone = [one.name for one in register.municipalities if not one.intercommunality]
    assert "Ouessant" in alone and len(alone) == 98


def test_a_name_and_a_departement_tell_homonyms_apart() -> None:
    seen = Counter(
        (names.fold(one.name), one.departement) for one in dataset.register().municipalities
    )
    assert max(seen.values()) == 1


def test_places_are_where_they_should_be() -> None:
    by_code = {one.code: one for one in dataset.register().municipalities}
    for code, lat, lon in [
        ("35238", 48.11, -1.68),  # Rennes
        ("59350", 50.63, 3.05),  # Lille
        ("2A004", 41.93, 8.70),  # Ajaccio
        ("97411", -20.94, 55.45),  # Saint-Denis (974)
        ("12218", 44.58, 2.39),  # Conques-en-Rouergue, merged
        ("15031", 45.11, 2.95),  # Celles, whole again
    ]:
        one = by_code[code]
        assert one.lat is not None and one.lon is not None
        assert abs(one.lat - lat) < 0.05 and abs(one.lon - lon) < 0.05, one
    unknown = {one.departement for one in by_code.values() if one.lat is None}
    assert unknown == OVERSEAS_COLLECTIVITIES
    assert all((one.lat is None) == (one.lon is None) for one in by_code.values())


def test_population_is_that_of_the_country() -> None:
    register = dataset.register()
    total = sum(one.population or 0 for one in register.municipalities)
    assert 68_000_000 < total < 70_000_000
    assert sum(one.population is None for one in register.municipalities) == 6


def test_the_file_is_light_and_so_is_each_of_its_parts() -> None:
    assert dataset.BUNDLE.stat().st_size < 2_000_000
    with zipfile.ZipFile(dataset.BUNDLE) as bundle:
        for member in bundle.infolist():
            assert member.compress_size < 50_000, member.filename


def test_the_file_says_where_it_comes_from() -> None:
    told = dataset.about()
    assert told["licence"].startswith("Licence Ouverte")
    assert {"register", "contours", "abroad"} <= set(told)


def test_nothing_personal_came_along() -> None:
    with zipfile.ZipFile(dataset.BUNDLE) as bundle:
        for name in bundle.namelist():
            text = bundle.read(name)
            assert b"@" not in text.replace(b"@etalab/", b""), name
            if name.startswith("communes/"):
                assert set(json.loads(text)) == {
                    *("intercommunalities", "code", "name", "population", "postalCodes"),
                    *("intercommunality", "at", "perDegree", "arcs", "rings"),
                }


def test_parts_are_sent_as_they_are_stored() -> None:
    sent = dataset.document_gzip("communes/35")
    assert sent is not None
    with zipfile.ZipFile(dataset.BUNDLE) as bundle:
        assert gzip.decompress(sent) == bundle.read("communes/35.json")
    assert dataset.document_gzip("communes/00") is None
    assert dataset.document_gzip("about") is None


def test_outlines_are_a_coverage_with_its_centroids_inside() -> None:
    """In one département: no overlap, borders shared, each centroid in its own outline."""
    register = {one.code: one for one in dataset.register().municipalities}
    for departement in ("35", "2A", "974"):
        sent = dataset.document_gzip(f"communes/{departement}")
        assert sent is not None
        document = json.loads(gzip.decompress(sent))
        arcs = outlines.arcs_read(document["arcs"])
        uses: Counter[int] = Counter()
        shapes = []
        inside = 0
        for code, shape in zip(
            document["code"], outlines.shapes_read(document["rings"]), strict=True
        ):
            assert shape, code
            polygons = []
            for polygon in shape:
                uses.update(n if n >= 0 else ~n for ring in polygon for n in ring)
                rings = [
                    [(x / document["perDegree"], y / document["perDegree"]) for x, y in points]
                    for points in (outlines.ring_points(arcs, ring) for ring in polygon)
                ]
                polygons.append(shapely.Polygon(rings[0], rings[1:]))
            area = shapely.make_valid(shapely.multipolygons(polygons))
            one = register[code]
            inside += area.buffer(0.003).contains(shapely.Point(one.lon, one.lat))
            shapes.append(area)
        assert set(uses) == set(range(len(arcs)))
        assert max(uses.values()) == 2
        assert inside == len(shapes)
        together = shapely.union_all(shapes).area
        assert sum(shape.area for shape in shapes) <= together * 1.0005


def test_every_departement_of_the_land_is_drawn_from_afar() -> None:
    sent = dataset.document_gzip(dataset.COUNTRY)
    assert sent is not None
    country = json.loads(gzip.decompress(sent))
    shapes = outlines.shapes_read(country["rings"])
    drawn = {row[0] for row, shape in zip(country["departements"], shapes, strict=True) if shape}
    assert len(drawn) == 101
    assert drawn.isdisjoint(OVERSEAS_COLLECTIVITIES)
    names_of_towns = [town[0] for town in country["towns"]]
    assert names_of_towns[:3] == ["Paris", "Marseille", "Lyon"]
    assert len(country["regions"]) == 26
