"""Addresses under ``/federation/echanges/`` of the platform's host. Namespace ``projection``."""

from __future__ import annotations

from django.urls import path

from regions.projection.platform import views

app_name = "projection"

urlpatterns = [
    path("", views.backlog, name="backlog"),
    path("<uuid:public_id>/reessayer/", views.retry, name="retry"),
    path("<uuid:public_id>/abandonner/", views.discard, name="discard"),
]
