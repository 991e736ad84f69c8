"""Endpoints below ``/api/v1/journeys/``. Namespace ``journeys-api``."""

from __future__ import annotations

from django.urls import path

from rides.journeys.api import views

app_name = "journeys-api"

urlpatterns = [
    path("journeys/", views.JourneyListView.as_view(), name="list"),
    path("journeys/<uuid:public_id>/", views.JourneyView.as_view(), name="detail"),
]
