"""Addresses of the platform's host. Namespace ``onboarding``; the back office keeps ``admin``."""

from __future__ import annotations

from django.urls import include, path

from regions.onboarding.platform import views
from regions.onboarding.platform.back_office import site

_pages = (
    [
        path("", views.landing, name="landing"),
        path("health/", views.health, name="health"),
        path("regions/", views.regions, name="regions"),
    ],
    "onboarding",
)

urlpatterns = [path("", include(_pages)), path("admin/", site.urls)]
