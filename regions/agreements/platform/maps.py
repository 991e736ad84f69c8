"""Regions and what ties them, on a map; the matrix beside it says the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from regions.agreements.models import Agreement
from regions.agreements.queries import MatrixLine
from regions.onboarding.models import RegionProfile
from regions.territories.areas import Departement, departements_of

Feature = dict[str, Any]


def agreements_map(lines: Sequence[MatrixLine]) -> dict[str, Any]:
    """Return GeoJSON: each region's départements, and a line between two that share.

    Regions share over a border, so a line leads from the middle of one to that of the other.
    Needs the platform's scope.
    """
    profiles = RegionProfile.objects.filter(tenant__in=[line.tenant for line in lines])
    codes = dict(profiles.values_list("tenant_id", "region_codes"))
    drawn = departements_of({code for held in codes.values() for code in held})
    areas: list[Feature] = []
    middles: dict[int, list[float]] = {}
    for line in lines:
        own = [one for one in drawn if one.region in codes.get(line.tenant.pk, [])]
        if own:
            middles[line.tenant.pk] = _middle(own)
            areas.append(_area(line, own))
    places = {line.tenant.pk: place for place, line in enumerate(lines)}
    ties = [
        _tie(one, other, shared, middles)
        for one, other in combinations(lines, 2)
        if one.tenant.pk in middles and other.tenant.pk in middles
        if (shared := one.cells[places[other.tenant.pk]][1])
    ]
    return {"type": "FeatureCollection", "features": [*areas, *ties]}


def _area(line: MatrixLine, own: Iterable[Departement]) -> Feature:
    partners = [name for name, agreements in line.cells if agreements]
    return {
        "type": "Feature",
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [polygon for one in own for polygon in one.contour["coordinates"]],
        },
        "properties": {
            "title": line.tenant.name,
            "text": _("With %(names)s") % {"names": ", ".join(partners)}
            if partners
            else _("No agreement yet"),
        },
    }


def _tie(
    one: MatrixLine,
    other: MatrixLine,
    agreements: Sequence[Agreement],
    middles: dict[int, list[float]],
) -> Feature:
    said = [f"{agreement.title} ({agreement.stage.label})" for agreement in agreements]
    return {
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": [middles[one.tenant.pk], middles[other.tenant.pk]],
        },
        "properties": {
            "title": f"{one.tenant.name} – {other.tenant.name}",
            "text": " ; ".join(said),
        },
    }


def _middle(own: Sequence[Departement]) -> list[float]:
    """Longitude and latitude, good enough for the end of a line."""
    return [
        round(sum(one.lon for one in own) / len(own), 4),
        round(sum(one.lat for one in own) / len(own), 4),
    ]
