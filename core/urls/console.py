"""The ``admin.`` host of a region: its console, with its own sign-in.

Every address of the site keeps its name here, so that pages can link to them; the tenant
middleware sends whatever is not in ``settings.CONSOLE_PATHS`` to the site's own host.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from core.urls import site
from core.urls.site import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def entrance(request: HttpRequest) -> HttpResponse:
    """Send the bare host to the console, which asks for sign-in."""
    return redirect("/administration/")


# Where guides that were printed before this platform tell référents to sign in.
urlpatterns = [
    path("", entrance),
    path("connect.html", entrance),
    *site.urlpatterns,
]
