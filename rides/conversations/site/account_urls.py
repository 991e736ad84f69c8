"""« Mes notifications », under ``/compte/``. Namespace ``notifications``."""

from __future__ import annotations

from django.urls import path

from rides.conversations.site import preferences

app_name = "notifications"

urlpatterns = [path("notifications/", preferences.preferences, name="preferences")]
