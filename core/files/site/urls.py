"""Addresses of files on a region's host. Namespace ``files``."""

from __future__ import annotations

from django.urls import path

from core.files.site import views

app_name = "files"

urlpatterns = [
    path("prive/<str:token>/", views.private, name="private"),
    path("public/<path:name>", views.public, name="public"),
]
