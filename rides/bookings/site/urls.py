"""Addresses under ``/reservations/``. Namespace ``bookings``."""

from __future__ import annotations

from django.urls import path

from rides.bookings.site import views

app_name = "bookings"

urlpatterns = [
    path("nouvelle/<uuid:public_id>/", views.book, name="book"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/accepter/", views.accept, name="accept"),
    path("<uuid:public_id>/refuser/", views.refuse, name="refuse"),
    path("<uuid:public_id>/point-de-rencontre/", views.meeting, name="meeting"),
    path("<uuid:public_id>/point-prevu/", views.decline_meeting, name="decline-meeting"),
    path("<uuid:public_id>/annuler/", views.cancel, name="cancel"),
    path("<uuid:public_id>/retablir/", views.restore, name="restore"),
]
