"""``/recherche/``. Namespace ``search``."""

from __future__ import annotations

from django.urls import path

from rides.search.site import views

app_name = "search"

urlpatterns = [path("", views.results, name="results")]
