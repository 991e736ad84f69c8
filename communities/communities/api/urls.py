"""Endpoints below ``/api/v1/communities/``. Namespace ``communities-api``."""

from __future__ import annotations

from django.urls import path

from communities.communities.api import views

app_name = "communities-api"

urlpatterns = [
    path("communities/", views.CommunityListView.as_view(), name="list"),
    path("communities/<slug:slug>/", views.CommunityDetailView.as_view(), name="detail"),
    path("communities/<slug:slug>/join/", views.CommunityJoinView.as_view(), name="join"),
    path("communities/<slug:slug>/leave/", views.CommunityLeaveView.as_view(), name="leave"),
]
