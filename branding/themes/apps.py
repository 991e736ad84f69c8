"""The application "themes": the look of each region."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThemesConfig(AppConfig):
    """Themes, their palettes, the style sheet they give and the default one of a new region."""

    name = "branding.themes"
    label = "themes"
    verbose_name = _("Themes")

    def ready(self) -> None:
        """Tell the shell whose look a page wears, and give every new region one."""
        from branding.themes import provisioning, queries
        from core.shell.theme import register_provider
        from tenants.provisioning import register_step, register_validator

        register_provider(queries.theme_info, stylesheet="themes:stylesheet")
        register_step("themes", provisioning.default_theme)
        register_validator("themes", provisioning.theme_errors)
