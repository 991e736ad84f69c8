"""Addresses of the shell on a region's site. Namespace ``shell``."""

from django.urls import path

from core.shell.site import views

app_name = "shell"

urlpatterns = [
    path("", views.home, name="home"),
    path("lang/", views.language, name="language"),
    path("apparence/", views.scheme, name="scheme"),
    path("comment-ca-marche/", views.how_it_works, name="how-it-works"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
]
