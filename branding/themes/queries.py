"""Reading the region's look."""

from typing import Final

from django.urls import reverse

from branding.themes.models import Theme
from branding.themes.palette import palette_of
from branding.themes.stylesheet import stylesheet
from core.shell.theme import NEUTRAL, FooterLink, ThemeInfo
from tenants.memory import Remembered


def theme_current() -> Theme | None:
    """The published theme of the current region; None while it has none. One query."""
    return Theme.objects.filter(status=Theme.Status.PUBLISHED).first()


def theme_info() -> ThemeInfo:
    """What templates need of the current region's look; the neutral one while it has none."""
    return LOOK.get()


def _read_info() -> ThemeInfo:
    theme = theme_current()
    if theme is None:
        return NEUTRAL
    return ThemeInfo(
        name=theme.name,
        tagline=theme.tagline,
        monogram=theme.monogram,
        motif=theme.motif,
        stylesheet_url=f"{reverse('themes:stylesheet')}?v={theme.version}",
        logo_url=theme.logo_url,
        accent=theme.accent,
        ground=theme.ground,
        footer_text=theme.footer_text,
        contact_email=theme.contact_email,
        links=tuple(FooterLink(label=link["label"], url=link["url"]) for link in theme.links),
    )


LOOK: Final = Remembered(_read_info)


def theme_stylesheet(theme: Theme) -> str:
    """The theme's style sheet: custom properties only, all computed. About 3 ms."""
    palette = palette_of(theme.primary, theme.secondary or None)
    return stylesheet(palette, radius=theme.radius)
