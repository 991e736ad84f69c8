"""``/api/v1/municipalities/``. Namespace ``territories-api``."""

from __future__ import annotations

from django.urls import path

from regions.territories.api import views

app_name = "territories-api"
urlpatterns = [
    path("municipalities/", views.MunicipalitySearchView.as_view(), name="search"),
    path("municipalities/<str:code>/", views.MunicipalityView.as_view(), name="detail"),
]
