"""The member site of a region, its console under /administration/, and its API."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path


def _routes(prefix: str, module: str) -> list[URLPattern | URLResolver]:
    # TEMPORARY while the floors go up.
    try:
        if find_spec(module) is None:
            return []
    except ModuleNotFoundError:
        return []
    return [path(prefix, include(module))]


urlpatterns: list[URLPattern | URLResolver] = [
    *_routes("", "core.shell.urls"),
    *_routes("", "branding.themes.site.urls"),
    *_routes("compte/", "core.accounts.site.urls"),
    *_routes("fichiers/", "core.files.site.urls"),
    *_routes("communes/", "regions.territories.site.urls"),
    *_routes("communautes/", "communities.communities.site.urls"),
    *_routes("annonces/", "rides.adverts.site.urls"),
    *_routes("recherche/", "rides.search.site.urls"),
    *_routes("administration/", "core.urls.console_pages"),
    *_routes("api/v1/", "core.urls.api"),
]
handler400 = "core.shell.views.bad_request"
handler403 = "core.shell.views.permission_denied"
handler404 = "core.shell.views.page_not_found"
handler500 = "core.shell.views.server_error"
