"""Addresses under ``/recherche/via/<advert>/``. Namespace ``relay``."""

from __future__ import annotations

from django.urls import path

from rides.relay.site import views

app_name = "relay"

urlpatterns = [
    path("<uuid:public_id>/reserver/", views.book, name="book"),
    path("<uuid:public_id>/ecrire/", views.write, name="write"),
    path("<uuid:public_id>/signaler/", views.report, name="report"),
    path("<uuid:public_id>/bloquer/", views.block, name="block"),
]
