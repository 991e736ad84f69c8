"""The console of a region: each app's console pages under one prefix."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from core.urls.optional import routes

urlpatterns: list[URLPattern | URLResolver] = [
    *routes("", "core.shell.console.urls"),
    *routes("communautes/", "communities.communities.console.urls"),
]
