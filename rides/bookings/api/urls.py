"""Endpoints below ``/api/v1/bookings/``. Namespace ``bookings-api``."""

from __future__ import annotations

from django.urls import path

from rides.bookings.api import views

app_name = "bookings-api"

urlpatterns = [
    path("bookings/", views.BookingListView.as_view(), name="list"),
    path("bookings/<uuid:public_id>/", views.BookingDetailView.as_view(), name="detail"),
]
