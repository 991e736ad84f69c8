"""The demo's readable mailbox, on its own host."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from core.urls.optional import routes
from core.urls.site import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [*routes("", "deploy.mailbox.urls")]
