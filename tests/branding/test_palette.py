"""Any brand colour gives a palette that everyone can read."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from branding.themes.palette import (
    PAIRS,
    STEPS,
    TEXT_RATIO,
    UI_RATIO,
    contrast,
    neutrals_of,
    normalise_hex,
    palette_of,
    parse_hex,
    steps_of,
)
from branding.themes.presets import PRESETS, preset_for
from branding.themes.stylesheet import RADII, stylesheet

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")

ROLES = (
    *("surface", "surface-raised", "surface-sunken", "text", "text-muted"),
    *("accent", "accent-strong", "accent-soft", "on-accent", "border", "border-strong", "focus"),
    *("success", "success-soft", "warning", "warning-soft", "danger", "danger-soft"),
)


def luminance(colour: str) -> float:
    """WCAG's formula, written a second time: the oracle borrows nothing from what it judges."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT_PAIRS = [
    (front, back)
    for front in ("text", "text-muted", "accent-strong", "success", "warning", "danger")
    for back in ("surface", "surface-raised", "surface-sunken")
] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent-strong", "accent-soft"),
    ("text", "accent-soft"),
    ("text-muted", "accent-soft"),
    ("success", "success-soft"),
    ("warning", "warning-soft"),
    ("danger", "danger-soft"),
    ("on-danger", "danger"),
    ("on-ground", "ground"),
    ("on-ground-muted", "ground"),
]
UI_PAIRS = [
    (front, back)
    for front in ("accent", "border-strong", "focus")
    for back in ("surface", "surface-raised", "surface-sunken")
]


@settings(max_examples=300, deadline=None)
@given(brand=colours, second=st.none() | colours)
def test_every_pair_of_roles_is_readable_in_light_and_dark(brand: str, second: str | None) -> None:
    palette = palette_of(brand, second)
    for scheme, roles in (("light", palette.light), ("dark", palette.dark)):
        for front, back in TEXT_PAIRS:
            found = ratio(roles[front], roles[back])
            assert found >= 4.5, (scheme, front, back, found)
        for front, back in UI_PAIRS:
            found = ratio(roles[front], roles[back])
            assert found >= 3.0, (scheme, front, back, found)
    assert palette.failures() == []


@given(one=colours, other=colours)
def test_contrast_is_the_one_of_wcag(one: str, other: str) -> None:
    assert contrast(one, other) == pytest.approx(ratio(one, other))
    assert contrast(one, other) == contrast(other, one)


def test_contrast_knows_the_examples_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@given(brand=colours)
def test_steps_go_from_light_to_dark(brand: str) -> None:
    for family in (steps_of(brand), neutrals_of(brand)):
        assert tuple(family) == STEPS
        shades = [luminance(family[step]) for step in STEPS]
        assert shades == sorted(shades, reverse=True)


@given(colour=colours)
def test_a_colour_survives_the_way_to_oklch_and_back(colour: str) -> None:
    back = parse_hex(colour).to_hex()
    for place in (1, 3, 5):
        assert abs(int(back[place : place + 2], 16) - int(colour[place : place + 2], 16)) <= 1


@pytest.mark.parametrize("brand", ["#0b6e75", "#6a2c82", "#7d2a54", "#24598f"])
def test_a_brand_that_can_carry_white_text_is_kept_as_it_is(brand: str) -> None:
    assert palette_of(brand).light["accent"] == brand


def test_both_schemes_have_all_the_roles_of_the_contract() -> None:
    palette = palette_of("#0b6e75")
    assert set(palette.light) == set(palette.dark)
    assert set(ROLES) <= set(palette.light)
    assert {pair.front for pair in PAIRS} | {pair.back for pair in PAIRS} <= set(palette.light)
    assert {pair.ratio for pair in PAIRS} == {UI_RATIO, TEXT_RATIO, 7.0}


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345g", "0b6e75", "#0b6e75; color: red"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        normalise_hex(text)


def test_short_and_upper_case_notations_are_understood() -> None:
    assert normalise_hex(" #0AF ") == "#00aaff"


@pytest.mark.parametrize("radius", RADII)
@given(brand=colours)
@settings(max_examples=20, deadline=None)
def test_the_style_sheet_holds_custom_properties_and_nothing_else(radius: str, brand: str) -> None:
    sheet = stylesheet(palette_of(brand), radius=radius)
    allowed = re.compile(
        r"  --[a-z0-9-]+: (#[0-9a-f]{6}|\d+px);|:root[^{}]* \{|\}"
        r"|@media screen( and \(prefers-color-scheme: dark\))? \{"
    )
    for line in sheet.splitlines():
        assert allowed.fullmatch(line), line
    assert sheet.count("--accent:") == 3  # light, dark by device, dark by choice


def test_every_preset_differs_at_a_glance_and_every_region_has_one() -> None:
    assert len({(preset.primary, preset.motif) for preset in PRESETS.values()}) == len(PRESETS)
    ouest, nord = preset_for(["53", "52"]), preset_for(["32"])
    assert ouest.motif != nord.motif
    hues = [parse_hex(preset.primary).hue for preset in (ouest, nord)]
    assert min(abs(hues[0] - hues[1]), 360 - abs(hues[0] - hues[1])) > 60
    assert preset_for([]) == preset_for(["no such region"]) == PRESETS["city"]
