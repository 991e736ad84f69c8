"""Addresses under ``/administration/communautes/``. Namespace ``communities-lifecycle-console``."""

from __future__ import annotations

from django.urls import path

from communities.lifecycle.console import lists, views

app_name = "communities-lifecycle-console"

urlpatterns = [
    path("inactives/", lists.inactive, name="inactive"),
    path("supprimees/", lists.deleted, name="deleted"),
    path("<slug:slug>/vie/", views.life, name="life"),
    path("<slug:slug>/vie/contact/", views.contact, name="contact"),
    path("<slug:slug>/vie/vote/", views.vote, name="vote"),
    path("<slug:slug>/vie/decider/", views.decide, name="decide"),
    path("<slug:slug>/vie/archiver/", views.archive, name="archive"),
    path("<slug:slug>/vie/rouvrir/", views.revive, name="revive"),
]
