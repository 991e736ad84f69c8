"""Addresses under ``/administration/communautes/``. Namespace ``communities-console``."""

from __future__ import annotations

from django.urls import path

from communities.communities.console import views

app_name = "communities-console"

urlpatterns = [path("", views.community_list, name="list")]
