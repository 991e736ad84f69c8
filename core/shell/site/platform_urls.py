"""Addresses of the shell on the platform's host. Same namespace, ``shell``."""

from django.urls import path

from core.shell.site import styleguide, views

app_name = "shell"

urlpatterns = [
    path("", views.platform_home, name="home"),
    path("lang/", views.language, name="language"),
    path("apparence/", views.scheme, name="scheme"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
