"""Addresses under ``/communautes/``. Namespace ``communities-lifecycle``."""

from __future__ import annotations

from django.urls import path

from communities.lifecycle.site import views

app_name = "communities-lifecycle"

urlpatterns = [
    path("<slug:slug>/relais/", views.relay, name="relay"),
    path("<slug:slug>/relais/active/", views.keep, name="keep"),
    path("<slug:slug>/relais/nommer/", views.offer, name="offer"),
    path("<slug:slug>/relais/retirer/", views.withdraw, name="withdraw"),
    path("<slug:slug>/relais/repondre/", views.answer, name="answer"),
    path("<slug:slug>/relais/candidature/", views.stand, name="stand"),
    path("<slug:slug>/relais/vote/", views.vote, name="vote"),
]
