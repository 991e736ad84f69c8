"""The cache app: label ``cache``, in the public schema and in every tenant's."""

from __future__ import annotations

from django.apps import AppConfig


class CacheConfig(AppConfig):
    """Makes the table ``cache_entry`` where the web role may use it and nobody creates tables."""

    name = "core.cache"
    label = "cache"
