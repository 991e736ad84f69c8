"""``/observatoire/``, on regions' hosts and on the platform's. Namespace ``observatory``."""

from __future__ import annotations

from django.urls import path

from regions.observatory.site import views

app_name = "observatory"
urlpatterns = [
    path("", views.observatory, name="page"),
    path("definitions/", views.meanings, name="definitions"),
    path("carte.json", views.area_map, name="map"),
    path("donnees.<slug:kind>", views.download, name="file"),
]
