"""``{% load territories %}``: maps and the addresses of their contours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from regions.territories import dataset

register = template.Library()


@register.simple_tag
def contours_url() -> str:
    """Return the address of contours, with ``level/code`` to be replaced; empty on other hosts."""
    try:
        address = reverse("territories:contours", args=["level", "code"])
    except NoReverseMatch:
        return ""
    return f"{address}?v={dataset.VERSION}"


@register.inclusion_tag("territories/map.html")
def territories_map(
    label: str,
    *,
    geojson: Mapping[str, Any] | str = "",
    src: str = "",
    regions: Sequence[str] | str = "",
    size: str = "",
    tiles: str = "",
    tiles_credit: str = "",
    pick: str = "",
    near: str = "",
) -> dict[str, Any]:
    """Draw a map; the README of this app says what each argument means."""
    return {
        "label": label,
        "geojson": geojson
        if isinstance(geojson, str)
        else json.dumps(geojson, ensure_ascii=False, separators=(",", ":")),
        "src": src,
        "regions": regions if isinstance(regions, str) else ",".join(regions),
        "size": size,
        "tiles": tiles,
        "tiles_credit": tiles_credit,
        "pick": pick,
        "near": near,
    }
