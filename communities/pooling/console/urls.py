"""Addresses under ``/administration/communautes/``. Namespace ``communities-pooling-console``."""

from __future__ import annotations

from django.urls import path

from communities.pooling.console import views

app_name = "communities-pooling-console"

urlpatterns = [
    path("<slug:slug>/mutualisation/", views.page, name="page"),
    path("<slug:slug>/mutualisation/proposer/", views.propose, name="propose"),
    path("<slug:slug>/mutualisation/accepter/", views.accept, name="accept"),
    path("<slug:slug>/mutualisation/refuser/", views.decline, name="decline"),
    path("<slug:slug>/mutualisation/retirer/", views.withdraw, name="withdraw"),
    path("<slug:slug>/mutualisation/renommer/", views.rename, name="rename"),
    path("<slug:slug>/mutualisation/detacher/", views.leave, name="leave"),
]
