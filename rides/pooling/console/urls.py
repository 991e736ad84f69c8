"""Addresses under ``/administration/mutualisation/``. Namespace ``pooling-console``."""

from __future__ import annotations

from django.urls import path

from rides.pooling.console import views

app_name = "pooling-console"

urlpatterns = [path("", views.switch, name="switch")]
