"""Endpoints below ``/api/v1/carpool-places/``. Namespace ``places-api``."""

from __future__ import annotations

from django.urls import path

from rides.places.api import views

app_name = "places-api"

urlpatterns = [path("carpool-places/", views.CarpoolPlaceListView.as_view(), name="list")]
