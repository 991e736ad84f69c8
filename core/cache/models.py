"""The columns that ``django.core.cache.backends.db`` expects (``createcachetable`` makes them).

A migration instead of the command: the web role owns nothing and creates nothing, and a new
region gets the table with all others.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class CacheEntry(models.Model):
    """One cached value, written and read by Django's cache back end only."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "cache_entry"
        verbose_name = "cache entry"
        verbose_name_plural = "cache entries"
        default_permissions: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return self.cache_key
