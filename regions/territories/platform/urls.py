"""Addresses under ``/territoires/`` of the platform's host. Namespace ``territory-moves``."""

from __future__ import annotations

from django.urls import path

from regions.territories.platform import views

app_name = "territory-moves"

urlpatterns = [
    path("", views.journal, name="journal"),
    path("<uuid:public_id>/", views.show, name="show"),
    path("<uuid:public_id>/etat/", views.state, name="state"),
    path("<uuid:public_id>/confirmer/", views.confirm, name="confirm"),
    path("<uuid:public_id>/renoncer/", views.give_up, name="give-up"),
    path("<uuid:public_id>/reprendre/", views.resume, name="resume"),
]
