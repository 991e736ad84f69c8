"""Writing the region's look: a draft, then its publication."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branding.themes.errors import ThemeError
from branding.themes.models import Theme
from branding.themes.palette import palette_of
from branding.themes.queries import LOOK
from branding.themes.rules import validate_colour, validate_links
from branding.themes.watchers import WATCHERS


def theme_draft(
    *,
    name: str,
    primary: str,
    secondary: str = "",
    tagline: str = "",
    motif: str = Theme.Motif.ARCHES,
    radius: str = Theme.Radius.SOFT,
    footer_text: str = "",
    links: Sequence[Mapping[str, str]] = (),
    contact_email: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> Theme:
    """Make or replace the draft. Raises ThemeError (``invalid_theme``) with the fields at fault."""
    with transaction.atomic(using=using):
        theme = (
            Theme.objects.using(using).select_for_update().filter(status=Theme.Status.DRAFT).first()
        ) or Theme()
        theme.name = name.strip()
        theme.tagline = tagline.strip()
        theme.primary = primary.strip().lower()
        theme.secondary = secondary.strip().lower()
        theme.motif = motif
        theme.radius = radius
        theme.footer_text = footer_text.strip()
        theme.links = [dict(link) for link in links]
        theme.contact_email = contact_email.strip()
        _check(theme)
        palette = palette_of(theme.primary, theme.secondary or None)
        theme.accent = palette.light["accent"]
        theme.ground = palette.light["ground"]
        theme.save(using=using)
    return theme


def theme_publish(*, theme: Theme, using: str = DEFAULT_DB_ALIAS) -> Theme:
    """Show ``theme`` to everyone; the one shown until now is kept as archived.

    Publishing what is published changes nothing.
    """
    with transaction.atomic(using=using):
        rows = Theme.objects.using(using).select_for_update()
        shown = rows.filter(status=Theme.Status.PUBLISHED).first()
        theme = rows.get(pk=theme.pk)
        if shown is not None and shown.pk == theme.pk:
            return theme
        if shown is not None:
            shown.status = Theme.Status.ARCHIVED
            shown.save(using=using, update_fields=["status"])
        theme.status = Theme.Status.PUBLISHED
        theme.published_at = timezone.now()
        theme.save(using=using, update_fields=["status", "published_at"])
        for watcher in WATCHERS:
            watcher.published(theme, using)
        LOOK.forget_on_commit(using)
    return theme


def _check(theme: Theme) -> None:
    fields: dict[str, str] = {}
    try:
        theme.clean_fields(exclude=["accent", "ground"])
    except ValidationError as error:
        fields = {field: messages[0] for field, messages in error.message_dict.items()}
    for field, rule in (
        ("primary", validate_colour),
        ("secondary", validate_colour),
        ("links", validate_links),
    ):
        value = getattr(theme, field)
        if value and field not in fields:
            try:
                rule(value)
            except ValidationError as error:
                fields[field] = error.messages[0]
    if fields:
        raise ThemeError(_("This theme cannot be kept."), code="invalid_theme", fields=fields)
