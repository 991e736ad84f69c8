"""The console of a region: each app's console pages under one prefix."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("core.shell.console.urls")),
    path("utilisateurs/", include("core.accounts.console.urls")),
    path("parametres/", include("core.accounts.console.settings_urls")),
    path("signalements/", include("rides.conversations.console.urls")),
    path("trajets/", include("rides.adverts.console.urls")),
    path("lieux-de-covoiturage/", include("rides.places.console.urls")),
    path("communautes/import/", include("communities.imports.console.urls")),
    # Before the communities' own: these have words where those have a name.
    path("communautes/", include("communities.bulk.console.urls")),
    path("communautes/", include("communities.lifecycle.console.urls")),
    path("communautes/", include("communities.pooling.console.urls")),
    path("communautes/", include("communities.communities.console.urls")),
    path("mutualisation/", include("rides.pooling.console.urls")),
    path("conventions/", include("regions.agreements.console.urls")),
]
