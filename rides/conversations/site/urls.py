"""Addresses under ``/messages/``. Namespace ``conversations``."""

from __future__ import annotations

from django.urls import path

from rides.conversations.site import views

app_name = "conversations"

urlpatterns = [
    path("", views.thread_list, name="list"),
    path("nouveau/<uuid:public_id>/", views.write, name="write"),
    path("<uuid:public_id>/", views.thread, name="thread"),
    path("<uuid:public_id>/lignes/", views.lines, name="lines"),
    path("<uuid:public_id>/signaler/", views.report, name="report"),
    path("<uuid:public_id>/bloquer/", views.block, name="block"),
    path("<uuid:public_id>/debloquer/", views.unblock, name="unblock"),
]
