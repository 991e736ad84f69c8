"""The platform's own host: its pages, and the plain back office on the public schema."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from core.urls.optional import routes
from core.urls.site import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    *routes("", "regions.onboarding.platform.urls"),
    *routes("", "core.shell.site.platform_urls"),
    *routes("compte/", "core.accounts.site.urls"),
]
