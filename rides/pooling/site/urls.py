"""Addresses under ``/compte/ou-circulent-mes-donnees/``. Namespace ``pooling``."""

from __future__ import annotations

from django.urls import path

from rides.pooling.site import views

app_name = "pooling"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("refuser/", views.refuse, name="refuse"),
    path("redemander/", views.ask_again, name="ask-again"),
    path("regions/<slug:slug>/retirer/", views.refuse_region, name="refuse-region"),
    path("regions/<slug:slug>/autoriser/", views.allow_region, name="allow-region"),
    path("<uuid:public_id>/partager/", views.agree, name="agree"),
    path("<uuid:public_id>/retirer/", views.take_back, name="take-back"),
]
