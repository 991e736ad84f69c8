"""From one or two brand colours to a whole palette, computed in OKLCH.

Pure functions, no Django. A region gives one or two colours in hexadecimal; this module gives back
three families of eleven steps (50 to 950) and the *roles* that the components use (``surface``,
``text``, ``accent`` …) for the light and for the dark scheme. OKLCH is used because equal steps of
its lightness look equal, whatever the hue: a yellow region and a navy one get the same rhythm.

Contrast is not hoped for but enforced. Every pair in :data:`PAIRS` holds on the colours as they
are written in the style sheet (rounded to 8 bits), for any brand colour: a role that would fall
short is moved along its lightness until it does not. The brand colour itself is kept whenever it
can be.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

STEPS: Final = (50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950)
"""Names of the steps of a family, from the lightest to the darkest."""

_LIGHTNESS: Final = (0.978, 0.95, 0.9, 0.83, 0.735, 0.64, 0.55, 0.465, 0.385, 0.31, 0.235)
_CHROMA_SHARE: Final = (0.16, 0.28, 0.5, 0.75, 0.95, 1.0, 1.0, 0.95, 0.85, 0.72, 0.6)

TEXT_RATIO: Final = 4.5
"""WCAG 2.2 AA for text (success criterion 1.4.3)."""
UI_RATIO: Final = 3.0
"""WCAG 2.2 AA for controls, focus rings and graphics (1.4.11)."""

_HEX: Final = re.compile(r"#[0-9a-f]{6}\Z")


class Pair(NamedTuple):
    """Two roles that meet on screen, and the least contrast they must have."""

    front: str
    back: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Oklch:
    """A colour by lightness (0–1), chroma (0 to about 0.37) and hue (degrees)."""

    lightness: float
    chroma: float
    hue: float

    def to_hex(self) -> str:
        """``#rrggbb``; where sRGB cannot show the colour, its chroma is lowered."""
        if _in_gamut(_to_linear(self)):
            return _hex_of(_to_linear(self))
        low, high = 0.0, self.chroma
        for _ in range(24):
            middle = (low + high) / 2
            if _in_gamut(_to_linear(Oklch(self.lightness, middle, self.hue))):
                low = middle
            else:
                high = middle
        return _hex_of(_to_linear(Oklch(self.lightness, low, self.hue)))

    def at(self, lightness: float, *, chroma: float | None = None) -> "Oklch":
        """The same hue at another lightness, and another chroma where one is given."""
        return Oklch(
            min(1.0, max(0.0, lightness)), self.chroma if chroma is None else chroma, self.hue
        )


def normalise_hex(text: str) -> str:
    """``"#0B6E75"`` as ``"#0b6e75"``; three digits are widened. Raises ValueError otherwise."""
    value = text.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        value = "#" + "".join(digit * 2 for digit in value[1:])
    if not _HEX.match(value):
        raise ValueError(f"not a colour in hexadecimal: {text!r}")
    return value


def parse_hex(text: str) -> Oklch:
    """The colour that a hexadecimal notation names. Raises ValueError when it names none."""
    value = normalise_hex(text)
    red, green, blue = (_expand(int(value[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two ``#rrggbb`` colours, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def steps_of(brand: str) -> dict[int, str]:
    """The eleven steps of a brand colour's family, 50 (lightest) to 950 (darkest)."""
    colour = parse_hex(brand)
    return {
        step: colour.at(light, chroma=colour.chroma * share).to_hex()
        for step, light, share in zip(STEPS, _LIGHTNESS, _CHROMA_SHARE, strict=True)
    }


def neutrals_of(brand: str) -> dict[int, str]:
    """Greys with a hint of the brand's hue; a grey brand gives pure greys."""
    colour = parse_hex(brand)
    chroma = min(0.012, colour.chroma * 0.12)
    return {
        step: colour.at(light, chroma=chroma).to_hex()
        for step, light in zip(STEPS, _LIGHTNESS, strict=True)
    }


SURFACES: Final = ("surface", "surface-raised", "surface-sunken")
SOFTS: Final = ("accent-soft", "highlight-soft", "success-soft", "warning-soft", "danger-soft")
CATEGORIES: Final = ("cat-1", "cat-2", "cat-3", "cat-4", "cat-5", "cat-6")
"""Grounds of avatars and of series in charts, told apart by hue; ``text`` is readable on each."""


def _pairs() -> tuple[Pair, ...]:
    pairs = [Pair("text", back, 7.0) for back in (*SURFACES, *SOFTS)]
    pairs += [Pair("text", back, TEXT_RATIO) for back in CATEGORIES]
    pairs += [Pair("text-muted", back, TEXT_RATIO) for back in (*SURFACES, *SOFTS)]
    for name in ("accent", "highlight", "success", "warning", "danger"):
        front = f"{name}-strong" if name in ("accent", "highlight") else name
        pairs += [Pair(front, back, TEXT_RATIO) for back in (*SURFACES, f"{name}-soft")]
    pairs += [Pair("on-accent", back, TEXT_RATIO) for back in ("accent", "accent-strong")]
    pairs += [Pair("on-danger", "danger", TEXT_RATIO)]
    pairs += [Pair(front, "ground", TEXT_RATIO) for front in ("on-ground", "on-ground-muted")]
    pairs += [Pair("on-ground-highlight", "ground", UI_RATIO)]
    for front in ("accent", "highlight", "border-strong", "focus"):
        pairs += [Pair(front, back, UI_RATIO) for back in SURFACES]
    pairs += [Pair(front, "accent-soft", UI_RATIO) for front in ("accent", "focus")]
    return tuple(pairs)


PAIRS: Final = _pairs()
"""Every pair of roles that may meet, with its least ratio. Components use no other pair."""


@dataclass(frozen=True, slots=True)
class Palette:
    """All that a style sheet needs: the three families and the two mappings of roles."""

    brand: str
    second: str
    accent_steps: dict[int, str]
    second_steps: dict[int, str]
    neutral_steps: dict[int, str]
    light: dict[str, str]
    dark: dict[str, str]

    def failures(self) -> list[tuple[str, Pair, float]]:
        """The pairs that miss their ratio, with the scheme; empty for every palette made here."""
        return [
            (scheme, pair, contrast(roles[pair.front], roles[pair.back]))
            for scheme, roles in (("light", self.light), ("dark", self.dark))
            for pair in PAIRS
            if contrast(roles[pair.front], roles[pair.back]) < pair.ratio
        ]


def palette_of(brand: str, second: str | None = None) -> Palette:
    """The palette of one or two brand colours. Raises ValueError when one is no colour."""
    brand = normalise_hex(brand)
    other = normalise_hex(second) if second else _companion(brand)
    return Palette(
        brand=brand,
        second=other,
        accent_steps=steps_of(brand),
        second_steps=steps_of(other),
        neutral_steps=neutrals_of(brand),
        light=_light(brand, other),
        dark=_dark(brand, other),
    )


def _companion(brand: str) -> str:
    """A second colour for a brand that has only one: a neighbour on the wheel, a little lighter."""
    colour = parse_hex(brand)
    return Oklch(
        min(0.72, max(0.5, colour.lightness + 0.08)), colour.chroma * 0.85, (colour.hue + 55) % 360
    ).to_hex()


_STATUS_HUES: Final = {"success": 152.0, "warning": 68.0, "danger": 25.0}
_CATEGORY_HUES: Final = (0, 50, 105, 165, 235, 300)


def _light(brand: str, second: str) -> dict[str, str]:
    """Roles on light grounds: near-white surfaces, the brand as it is where it is dark enough."""
    colour, other = parse_hex(brand), parse_hex(second)
    hint = min(0.006, colour.chroma * 0.06)
    grey = min(0.018, colour.chroma * 0.18)
    roles = {
        "surface": colour.at(0.985, chroma=hint).to_hex(),
        "surface-raised": "#ffffff",
        "surface-sunken": colour.at(0.957, chroma=hint * 1.5).to_hex(),
        "accent-soft": colour.at(0.945, chroma=min(0.038, colour.chroma * 0.4)).to_hex(),
        "highlight-soft": other.at(0.945, chroma=min(0.045, other.chroma * 0.4)).to_hex(),
        "on-accent": "#ffffff",
        "border": colour.at(0.905, chroma=hint * 1.6).to_hex(),
    }
    for name, hue in _STATUS_HUES.items():
        roles[f"{name}-soft"] = Oklch(0.955, 0.032, hue).to_hex()
    for name, hue in zip(CATEGORIES, _CATEGORY_HUES, strict=True):
        roles[name] = Oklch(0.885, 0.062, hue).to_hex()
    surfaces = [roles[name] for name in SURFACES]
    softs = [roles[name] for name in SOFTS]
    washes = [roles[name] for name in CATEGORIES]
    roles["text"] = _away(colour.at(0.235, chroma=grey * 1.2), [*surfaces, *softs, *washes], 7.0)
    roles["text-muted"] = _away(colour.at(0.5, chroma=grey), [*surfaces, *softs], TEXT_RATIO)
    roles["border-strong"] = _away(colour.at(0.62, chroma=grey), surfaces, UI_RATIO)
    # White must be readable on the accent: a pale brand is deepened, a deep one is left alone.
    accent = colour.at(min(colour.lightness, 0.62))
    roles["accent"] = _away(accent, ["#ffffff", *surfaces, roles["accent-soft"]], TEXT_RATIO)
    strong = parse_hex(roles["accent"])
    roles["accent-strong"] = _away(
        strong.at(strong.lightness - 0.07), [*surfaces, roles["accent-soft"]], TEXT_RATIO
    )
    roles["highlight"] = _away(other, surfaces, UI_RATIO)
    roles["highlight-strong"] = _away(
        other.at(min(0.5, other.lightness)), [*surfaces, roles["highlight-soft"]], TEXT_RATIO
    )
    roles["focus"] = _away(colour.at(0.5), [*surfaces, *softs], UI_RATIO)
    for name, hue in _STATUS_HUES.items():
        chroma = 0.19 if name == "danger" else 0.12
        roles[name] = _away(
            Oklch(0.52, chroma, hue), [*surfaces, roles[f"{name}-soft"]], TEXT_RATIO
        )
    roles["on-danger"] = "#ffffff"
    roles |= _ground(colour, other, deepest=0.34, lightest=0.47)
    return roles


def _dark(brand: str, second: str) -> dict[str, str]:
    """Roles on dark grounds: raised means lighter, and the accent is a light tint of the brand."""
    colour, other = parse_hex(brand), parse_hex(second)
    hint = min(0.014, colour.chroma * 0.14)
    grey = min(0.016, colour.chroma * 0.16)
    roles = {
        "surface": colour.at(0.185, chroma=hint).to_hex(),
        "surface-raised": colour.at(0.228, chroma=hint).to_hex(),
        "surface-sunken": colour.at(0.152, chroma=hint * 0.9).to_hex(),
        "accent-soft": colour.at(0.29, chroma=min(0.05, colour.chroma * 0.5)).to_hex(),
        "highlight-soft": other.at(0.29, chroma=min(0.05, other.chroma * 0.5)).to_hex(),
        "on-accent": colour.at(0.17, chroma=min(0.03, colour.chroma * 0.3)).to_hex(),
        "border": colour.at(0.325, chroma=hint * 1.2).to_hex(),
    }
    for name, hue in _STATUS_HUES.items():
        roles[f"{name}-soft"] = Oklch(0.285, 0.045, hue).to_hex()
    for name, hue in zip(CATEGORIES, _CATEGORY_HUES, strict=True):
        roles[name] = Oklch(0.38, 0.07, hue).to_hex()
    surfaces = [roles[name] for name in SURFACES]
    softs = [roles[name] for name in SOFTS]
    washes = [roles[name] for name in CATEGORIES]
    roles["text"] = _away(
        colour.at(0.95, chroma=grey * 0.5), [*surfaces, *softs], 7.0, lighter=True
    )
    roles["text"] = _away(parse_hex(roles["text"]), washes, TEXT_RATIO, lighter=True)
    roles["text-muted"] = _away(
        colour.at(0.74, chroma=grey), [*surfaces, *softs], TEXT_RATIO, lighter=True
    )
    roles["border-strong"] = _away(colour.at(0.54, chroma=grey), surfaces, UI_RATIO, lighter=True)
    accent = colour.at(max(0.78, colour.lightness), chroma=min(0.135, colour.chroma))
    against = [*surfaces, roles["accent-soft"], roles["on-accent"]]
    roles["accent"] = _away(accent, against, TEXT_RATIO, lighter=True)
    bright = parse_hex(roles["accent"])
    roles["accent-strong"] = _away(
        bright.at(bright.lightness + 0.05, chroma=bright.chroma * 0.85),
        against,
        TEXT_RATIO,
        lighter=True,
    )
    roles["highlight"] = _away(
        other.at(max(0.74, other.lightness)), surfaces, UI_RATIO, lighter=True
    )
    roles["highlight-strong"] = _away(
        other.at(max(0.82, other.lightness), chroma=min(0.12, other.chroma)),
        [*surfaces, roles["highlight-soft"]],
        TEXT_RATIO,
        lighter=True,
    )
    roles["focus"] = _away(
        colour.at(0.82, chroma=min(0.13, colour.chroma)),
        [*surfaces, *softs],
        UI_RATIO,
        lighter=True,
    )
    for name, hue in _STATUS_HUES.items():
        roles[name] = _away(
            Oklch(0.79, 0.12, hue), [*surfaces, roles[f"{name}-soft"]], TEXT_RATIO, lighter=True
        )
    roles["on-danger"] = Oklch(0.17, 0.03, _STATUS_HUES["danger"]).to_hex()
    roles |= _ground(colour, other, deepest=0.27, lightest=0.3)
    return roles


def _ground(colour: Oklch, other: Oklch, *, deepest: float, lightest: float) -> dict[str, str]:
    """The brand as a whole ground (the top of the home page), with what is written on it."""
    chroma = min(0.13, colour.chroma)
    ground = colour.at(min(lightest, max(deepest, colour.lightness)), chroma=chroma)
    back = ground.to_hex()
    return {
        "ground": back,
        "on-ground": "#ffffff",
        "on-ground-muted": _away(
            colour.at(0.9, chroma=min(0.04, chroma)), [back], TEXT_RATIO, lighter=True
        ),
        "on-ground-highlight": _away(
            other.at(max(0.72, other.lightness)), [back], UI_RATIO, lighter=True
        ),
    }


def _away(colour: Oklch, backs: Iterable[str], ratio: float, *, lighter: bool = False) -> str:
    """``colour``, made darker (or lighter) until it has ``ratio`` against all of ``backs``."""
    grounds = list(backs)
    step = 0.004 if lighter else -0.004
    lightness = colour.lightness
    while True:
        found = colour.at(lightness).to_hex()
        if all(contrast(found, back) >= ratio for back in grounds):
            return found
        if not 0.0 < lightness < 1.0:
            return "#ffffff" if lighter else "#000000"
        lightness += step


def _to_linear(colour: Oklch) -> tuple[float, float, float]:
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )


def _in_gamut(linear: tuple[float, float, float]) -> bool:
    return all(-1e-4 <= part <= 1.0001 for part in linear)


def _hex_of(linear: tuple[float, float, float]) -> str:
    return "#" + "".join(
        f"{round(_compress(min(1.0, max(0.0, part))) * 255):02x}" for part in linear
    )


def _expand(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _compress(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _luminance(colour: str) -> float:
    red, green, blue = (_expand(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
