"""``/communes/``. Namespace ``territories``."""

from __future__ import annotations

from django.urls import path

from regions.territories.site import views

app_name = "territories"
urlpatterns = [
    path("contours/<slug:level>/<slug:code>.json", views.contours, name="contours"),
]
