"""The demo's readable mailbox, on its own host; it answers its own 404.

No handlers of the site: their pages link to pages that this host does not have.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("deploy.mailbox.urls"))]
