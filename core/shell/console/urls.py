"""Addresses of the console's own pages. Namespace ``console``."""

from django.urls import path

from core.shell.console import views

app_name = "console"

urlpatterns = [
    path("", views.home, name="home"),
    path("recherche/", views.search, name="search"),
]
