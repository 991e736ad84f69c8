"""Addresses under ``/communautes/``. Namespace ``communities``."""

from __future__ import annotations

from django.urls import path

from communities.communities.site import creation, membership, printing, views

app_name = "communities"

urlpatterns = [
    path("", views.community_list, name="list"),
    path("carte.json", views.points, name="points"),
    path("mes/", views.mine, name="mine"),
    path("creer/", creation.conditions, name="create"),
    path("creer/formulaire/", creation.form, name="create-form"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/lieu.json", views.place, name="place"),
    path("<slug:slug>/qr.svg", printing.qr_code, name="qr"),
    path("<slug:slug>/vignette/", printing.sticker, name="sticker"),
    path("<slug:slug>/fiche/", creation.details, name="details"),
    path("<slug:slug>/creee/", creation.made, name="made"),
    path("<slug:slug>/rejoindre/", membership.join, name="join"),
    path("<slug:slug>/choix/", membership.allow, name="allow"),
    path("<slug:slug>/quitter/", membership.leave, name="leave"),
    path("<slug:slug>/revenir/", membership.undo, name="undo"),
]
