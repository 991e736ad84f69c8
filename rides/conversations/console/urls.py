"""Addresses under ``/administration/signalements/``. Namespace ``conversations-console``."""

from __future__ import annotations

from django.urls import path

from rides.conversations.console import views

app_name = "conversations-console"

urlpatterns = [
    path("", views.reports, name="reports"),
    path("<uuid:public_id>/traiter/", views.handle, name="handle"),
]
