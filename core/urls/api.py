"""The API of a region, version 1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("core.api.urls")),
    path("", include("core.accounts.api.urls")),
    path("", include("regions.territories.api.urls")),
    path("", include("regions.observatory.api.urls")),
    path("", include("communities.communities.api.urls")),
    path("", include("rides.adverts.api.urls")),
    path("", include("rides.places.api.urls")),
    path("", include("rides.bookings.api.urls")),
    path("", include("rides.conversations.api.urls")),
    path("", include("rides.journeys.api.urls")),
    path("", include("rides.search.api.urls")),
]
