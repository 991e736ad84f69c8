"""The files app: no tables."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Serves private files by signed link and public files by name."""

    name = "core.files"
    label = "files"
