"""The API of a region, version 1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from core.urls.optional import routes

urlpatterns: list[URLPattern | URLResolver] = [
    *routes("", "core.api.urls"),
    *routes("", "core.accounts.api.urls"),
    *routes("", "regions.territories.api.urls"),
    *routes("", "communities.communities.api.urls"),
    *routes("", "rides.adverts.api.urls"),
    *routes("", "rides.search.api.urls"),
]
