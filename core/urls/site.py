"""The member site of a region, its console under /administration/, and its API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from core.urls.optional import routes

urlpatterns: list[URLPattern | URLResolver] = [
    *routes("", "core.shell.site.urls"),
    *routes("", "branding.themes.site.urls"),
    *routes("compte/", "core.accounts.site.urls"),
    *routes("fichiers/", "core.files.site.urls"),
    *routes("communes/", "regions.territories.site.urls"),
    *routes("communautes/", "communities.communities.site.urls"),
    *routes("annonces/", "rides.adverts.site.urls"),
    *routes("recherche/", "rides.search.site.urls"),
    *routes("administration/", "core.urls.administration"),
    *routes("api/v1/", "core.urls.api"),
]
handler400 = "core.shell.site.errors.bad_request"
handler403 = "core.shell.site.errors.permission_denied"
handler404 = "core.shell.site.errors.page_not_found"
# Django does not know this one; allauth asks for it, and so do our own limits.
handler429 = "core.accounts.site.errors.too_many_requests"
handler500 = "core.shell.site.errors.server_error"
