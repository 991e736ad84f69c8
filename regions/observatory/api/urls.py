"""``/api/v1/observatory/``, on regions' hosts and the platform's. Namespace ``observatory-api``."""

from __future__ import annotations

from django.urls import path

from regions.observatory.api import views

app_name = "observatory-api"
urlpatterns = [
    path("observatory/", views.CatalogueView.as_view(), name="catalogue"),
    path("observatory/figures/", views.FiguresView.as_view(), name="figures"),
]
