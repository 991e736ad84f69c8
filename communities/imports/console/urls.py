"""Addresses under ``/administration/communautes/import/``. Namespace ``imports-console``."""

from __future__ import annotations

from django.urls import path

from communities.imports.console import views

app_name = "imports-console"

urlpatterns = [
    path("", views.import_list, name="list"),
    path("usagers/", views.members, name="members"),
    path("communautes/", views.communities, name="communities"),
    path("modele/<slug:kind>.csv", views.sample, name="sample"),
    path("<uuid:public_id>/", views.show, name="show"),
    path("<uuid:public_id>/etat/", views.state, name="state"),
    path("<uuid:public_id>/colonnes/", views.name_columns, name="columns"),
    path("<uuid:public_id>/relire/", views.read_again, name="read-again"),
    path("<uuid:public_id>/importer/", views.start, name="start"),
    path("<uuid:public_id>/reprendre/", views.resume, name="resume"),
    path("<uuid:public_id>/abandonner/", views.drop, name="drop"),
]
