"""Addresses under ``/mes-trajets/``. Namespace ``journeys``."""

from __future__ import annotations

from django.urls import path

from rides.journeys.site import views

app_name = "journeys"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("recap/<str:token>/", views.recap, name="recap"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/dire/", views.say, name="say"),
    path("<uuid:public_id>/merci/", views.thank, name="thank"),
]
