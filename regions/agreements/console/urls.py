"""Addresses under ``/administration/conventions/``. Namespace ``agreements``."""

from __future__ import annotations

from django.urls import path

from regions.agreements.console import views

app_name = "agreements"

urlpatterns = [
    path("", views.agreement_list, name="list"),
    path("proposer/", views.propose, name="propose"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/modifier/", views.amend, name="amend"),
    path("<uuid:public_id>/signer/", views.sign, name="sign"),
    path("<uuid:public_id>/suspendre/", views.suspend, name="suspend"),
    path("<uuid:public_id>/reprendre/", views.resume, name="resume"),
    path("<uuid:public_id>/terminer/", views.end, name="end"),
]
