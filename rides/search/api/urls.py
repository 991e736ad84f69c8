"""``/api/v1/search/``. Namespace ``search-api``."""

from __future__ import annotations

from django.urls import path

from rides.search.api import views

app_name = "search-api"

urlpatterns = [path("search/", views.SearchView.as_view(), name="search")]
