"""« Mon agenda », under ``/compte/calendrier/``. Namespace ``calendar``."""

from __future__ import annotations

from django.urls import path

from rides.journeys.site import feeds

app_name = "calendar"

urlpatterns = [
    path("calendrier/", feeds.settings, name="settings"),
    path("calendrier/revoquer/", feeds.revoke, name="revoke"),
    path("calendrier/<str:token>.ics", feeds.feed, name="feed"),
]
