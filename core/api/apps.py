"""The application "api": what every endpoint of the region's API has in common."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Pagination, the one shape of errors, and the address of the OpenAPI description."""

    name = "core.api"
    label = "api"
