"""A palette and a shape as a style sheet of custom properties. Pure functions, no Django.

Nothing that a person types gets in: colours are computed, the radius is one of three names.
"""

from typing import Final

from branding.themes.palette import STEPS, Palette

RADII: Final[dict[str, tuple[str, str, str, str]]] = {
    # small (chips, inputs), medium (cards), large (panels), full (buttons)
    "straight": ("2px", "4px", "6px", "4px"),
    "soft": ("6px", "10px", "16px", "10px"),
    "round": ("10px", "16px", "24px", "999px"),
}
"""Corner styles of a theme: names and their four sizes."""


def stylesheet(palette: Palette, *, radius: str) -> str:
    """The style sheet that redefines the scale and the roles of ``shell/css/tokens.css``.

    Raises KeyError when ``radius`` is not in :data:`RADII`.
    """
    small, medium, large, button = RADII[radius]
    scale = [f"--accent-{step}: {palette.accent_steps[step]}" for step in STEPS]
    scale += [f"--second-{step}: {palette.second_steps[step]}" for step in STEPS]
    scale += [f"--neutral-{step}: {palette.neutral_steps[step]}" for step in STEPS]
    shape = [
        f"--radius-small: {small}",
        f"--radius-medium: {medium}",
        f"--radius-large: {large}",
        f"--radius-button: {button}",
    ]
    light, dark = _declarations(palette.light), _declarations(palette.dark)
    return "\n".join(
        (
            _rule(":root", [*scale, *shape, *light]),
            # Paper is light, whatever the screen is.
            "@media screen and (prefers-color-scheme: dark) {",
            _rule(':root:not([data-scheme="light"])', dark),
            "}",
            "@media screen {",
            _rule(':root[data-scheme="dark"]', dark),
            "}",
            "",
        )
    )


def _declarations(roles: dict[str, str]) -> list[str]:
    return [f"--{name}: {colour}" for name, colour in sorted(roles.items())]


def _rule(selector: str, declarations: list[str]) -> str:
    body = "".join(f"  {line};\n" for line in declarations)
    return f"{selector} {{\n{body}}}"
