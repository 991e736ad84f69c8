"""The platform's own host: its pages, and the plain back office on the public schema."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from core.urls.site import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("regions.onboarding.platform.urls")),
    path("federation/conventions/", include("regions.agreements.platform.urls")),
    path("federation/echanges/", include("regions.projection.platform.urls")),
    path("territoires/", include("regions.territories.platform.urls")),
    path("", include("core.shell.site.platform_urls")),
    path("observatoire/", include("regions.observatory.site.urls")),
    path("communes/", include("regions.territories.site.urls")),
    path("compte/", include("core.accounts.site.urls")),
    path("api/v1/", include("regions.observatory.api.urls")),
    path("api/v1/schema/", SpectacularAPIView.as_view(urlconf="core.urls.platform")),
]
