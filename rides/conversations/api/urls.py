"""Endpoints below ``/api/v1/conversations/``. Namespace ``conversations-api``."""

from __future__ import annotations

from django.urls import path

from rides.conversations.api import views

app_name = "conversations-api"

urlpatterns = [
    path("conversations/", views.ConversationListView.as_view(), name="list"),
    path("conversations/<uuid:public_id>/", views.ConversationView.as_view(), name="detail"),
    path("conversations/<uuid:public_id>/messages/", views.LineListView.as_view(), name="lines"),
]
