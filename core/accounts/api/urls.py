"""Addresses under ``/api/v1/``. Namespace ``accounts-api``."""

from __future__ import annotations

from django.urls import path

from core.accounts.api import views

app_name = "accounts-api"

urlpatterns = [path("me/", views.MeView.as_view(), name="me")]
