"""Endpoints below ``/api/v1/adverts/``. Namespace ``adverts-api``."""

from __future__ import annotations

from django.urls import path

from rides.adverts.api import views

app_name = "adverts-api"

urlpatterns = [
    path("adverts/", views.AdvertListView.as_view(), name="list"),
    path("adverts/<uuid:public_id>/", views.AdvertDetailView.as_view(), name="detail"),
]
