"""Addresses under ``/administration/communautes/``. Namespace ``communities-console``."""

from __future__ import annotations

from django.urls import path

from communities.communities.console import editing, members, rules, views

app_name = "communities-console"

urlpatterns = [
    path("", views.community_list, name="list"),
    path("regles/", rules.rules, name="rules"),
    path("retablir/", editing.restore_chosen, name="restore-chosen"),
    path("<slug:slug>/", editing.edit, name="edit"),
    path("<slug:slug>/parametres/", editing.settings, name="settings"),
    path("<slug:slug>/historique/", editing.history, name="history"),
    path("<slug:slug>/supprimer/", editing.delete, name="delete"),
    path("<slug:slug>/retablir/", editing.restore, name="restore"),
    path("<slug:slug>/membres/", members.member_list, name="members"),
    path("<slug:slug>/membres/modifier/", members.change, name="members-change"),
    path("<slug:slug>/membres/annuler/", members.undo, name="members-undo"),
    path("<slug:slug>/membres/ajouter/", members.add, name="members-add"),
]
