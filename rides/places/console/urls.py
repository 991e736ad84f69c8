"""Addresses under ``/administration/lieux-de-covoiturage/``. Namespace ``places-console``."""

from __future__ import annotations

from django.urls import path

from rides.places.console import views

app_name = "places-console"

urlpatterns = [
    path("", views.place_list, name="list"),
    path("importer/", views.place_import, name="import"),
]
