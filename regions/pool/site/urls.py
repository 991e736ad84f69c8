"""Addresses under ``/regions-partenaires/``. Namespace ``pool``."""

from __future__ import annotations

from django.urls import path

from regions.pool.site import views

app_name = "pool"

urlpatterns = [
    path("<slug:slug>/logo/", views.logo, name="logo"),
]
