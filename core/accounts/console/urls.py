"""Addresses under ``/administration/utilisateurs/``. Namespace ``accounts-console``."""

from __future__ import annotations

from django.urls import path

from core.accounts.console import views

app_name = "accounts-console"

urlpatterns = [
    path("", views.people, name="list"),
    path("<uuid:public_id>/", views.person, name="person"),
    path("<uuid:public_id>/suspendre/", views.suspend, name="suspend"),
    path("<uuid:public_id>/retablir/", views.restore, name="restore"),
    path("<uuid:public_id>/roles/", views.roles, name="roles"),
]
