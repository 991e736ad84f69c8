"""Addresses under ``/invitations/``. Namespace ``invitations``."""

from __future__ import annotations

from django.urls import path

from communities.imports.site import views

app_name = "invitations"

urlpatterns = [
    path("<str:token>/", views.show, name="show"),
    path("<str:token>/rejoindre/", views.accept, name="accept"),
    path("<str:token>/inscription/", views.register, name="register"),
    path("<str:token>/refuser/", views.decline, name="decline"),
]
