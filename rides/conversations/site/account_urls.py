"""Pages under ``/compte/``: notifications, people who are blocked. Namespace ``notifications``."""

from __future__ import annotations

from django.urls import path

from rides.conversations.site import blocks, preferences

app_name = "notifications"

urlpatterns = [
    path("notifications/", preferences.preferences, name="preferences"),
    path("personnes-bloquees/", blocks.blocked, name="blocked"),
]
