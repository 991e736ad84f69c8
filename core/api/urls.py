"""Addresses that belong to the API as a whole. Namespace ``api``."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

app_name = "api"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
]
