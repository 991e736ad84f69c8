"""The member site of a region, its console under /administration/, and its API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("core.shell.site.urls")),
    path("", include("branding.themes.site.urls")),
    path("compte/", include("core.accounts.site.urls")),
    path("compte/", include("rides.conversations.site.account_urls")),
    path("compte/", include("rides.journeys.site.calendar_urls")),
    path("compte/ou-circulent-mes-donnees/", include("rides.pooling.site.urls")),
    path("fichiers/", include("core.files.site.urls")),
    path("communes/", include("regions.territories.site.urls")),
    path("regions-partenaires/", include("regions.pool.site.urls")),
    path("observatoire/", include("regions.observatory.site.urls")),
    path("communautes/", include("communities.communities.site.urls")),
    path("invitations/", include("communities.imports.site.urls")),
    path("communautes/", include("communities.lifecycle.site.urls")),
    path("annonces/", include("rides.adverts.site.urls")),
    path("mes-trajets/", include("rides.journeys.site.urls")),
    path("messages/", include("rides.conversations.site.urls")),
    path("reservations/", include("rides.bookings.site.urls")),
    path("recherche/via/", include("rides.relay.site.urls")),
    path("recherche/", include("rides.search.site.urls")),
    path("administration/", include("core.urls.administration")),
    path("api/v1/", include("core.urls.api")),
]
handler400 = "core.api.handlers.bad_request"
handler403 = "core.api.handlers.permission_denied"
handler404 = "core.api.handlers.page_not_found"
# Django does not know this one; allauth asks for it, and so do our own limits.
handler429 = "core.accounts.site.errors.too_many_requests"
handler500 = "core.api.handlers.server_error"
