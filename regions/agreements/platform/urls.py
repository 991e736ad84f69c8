"""Addresses under ``/federation/conventions/`` of the platform's host."""

from __future__ import annotations

from django.urls import path

from regions.agreements.platform import views

app_name = "agreements-platform"

urlpatterns = [
    path("", views.all_agreements, name="all"),
    path("<uuid:public_id>/", views.detail, name="detail"),
]
