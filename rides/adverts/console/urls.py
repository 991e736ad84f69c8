"""Addresses under ``/administration/trajets/``. Namespace ``rides-console``."""

from __future__ import annotations

from django.urls import path

from rides.adverts.console import views

app_name = "rides-console"

urlpatterns = [path("", views.rules, name="rules")]
