"""``/recherche/``. Namespace ``search``."""

from __future__ import annotations

from django.urls import path

from rides.search.site import alert_views, views

app_name = "search"

urlpatterns = [
    path("", views.results, name="results"),
    path("via/<uuid:public_id>/", views.partner, name="partner"),
    path("alertes/", alert_views.mine, name="alerts"),
    path("alertes/creer/", alert_views.create, name="alert-create"),
    path("alertes/arreter/<str:token>/", alert_views.stop, name="alert-stop"),
    path("alertes/<uuid:public_id>/supprimer/", alert_views.delete, name="alert-delete"),
    path("alertes/<uuid:public_id>/retablir/", alert_views.restore, name="alert-restore"),
]
