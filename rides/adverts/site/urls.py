"""Addresses under ``/annonces/``. Namespace ``adverts``."""

from __future__ import annotations

from django.urls import path

from rides.adverts.site import calendar, line, views
from rides.adverts.site.wizard import views as wizard

app_name = "adverts"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("publier/", wizard.publish, name="publish"),
    path("publier/abandonner/", wizard.discard, name="publish-discard"),
    path("publier/<slug:slug>/", wizard.publish_step, name="publish-step"),
    path("lignes/<slug:slug>/arrets/", line.stops, name="line-stops"),
    path("communaute/<slug:slug>/carte.json", views.community_map, name="community-map"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/modifier/", wizard.change, name="change"),
    path("<uuid:public_id>/modifier/abandonner/", wizard.change_discard, name="change-discard"),
    path("<uuid:public_id>/modifier/<slug:slug>/", wizard.change_step, name="change-step"),
    path("<uuid:public_id>/calendrier/", calendar.days, name="calendar"),
    path("<uuid:public_id>/renouveler/", calendar.renew, name="renew"),
    path("<uuid:public_id>/dupliquer/", wizard.duplicate, name="duplicate"),
    path("<uuid:public_id>/mettre-en-pause/", views.pause, name="pause"),
    path("<uuid:public_id>/remettre-en-ligne/", views.resume, name="resume"),
    path("<uuid:public_id>/supprimer/", views.delete, name="delete"),
    path("<uuid:public_id>/retablir/", views.restore, name="restore"),
]
