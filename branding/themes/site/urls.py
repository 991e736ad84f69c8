"""Addresses of the themes on a region's site. Namespace ``themes``."""

from django.urls import path

from branding.themes.site import views

app_name = "themes"

urlpatterns = [path("theme.css", views.stylesheet, name="stylesheet")]
