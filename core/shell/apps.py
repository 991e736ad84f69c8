"""The application "shell": what surrounds every page of the site and of the console."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Base templates, components, form rendering, menus and the style sheet of the platform."""

    name = "core.shell"
    label = "shell"

    def ready(self) -> None:
        """Put the shell's own pages in the menus."""
        from core.shell import entries

        entries.register()
