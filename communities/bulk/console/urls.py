"""Addresses under ``/administration/communautes/``. Namespace ``bulk-console``."""

from __future__ import annotations

from django.urls import path

from communities.bulk.console import views

app_name = "bulk-console"

urlpatterns = [
    path("<slug:slug>/membres/lot/<uuid:public_id>/", views.show, name="show"),
    path("<slug:slug>/membres/lot/<uuid:public_id>/etat/", views.state, name="state"),
    path("<slug:slug>/membres/lot/<uuid:public_id>/annuler/", views.undo, name="undo"),
]
