"""Addresses under ``/annonces/``. Namespace ``adverts``."""

from __future__ import annotations

from django.urls import path

from rides.adverts.site import views

app_name = "adverts"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("publier/", views.publish, name="publish"),
    path("communaute/<slug:slug>/carte.json", views.community_map, name="community-map"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/mettre-en-pause/", views.pause, name="pause"),
    path("<uuid:public_id>/remettre-en-ligne/", views.resume, name="resume"),
    path("<uuid:public_id>/supprimer/", views.delete, name="delete"),
    path("<uuid:public_id>/retablir/", views.restore, name="restore"),
]
