"""Addresses of the mailbox's own host."""

from __future__ import annotations

from django.urls import path, re_path, register_converter

from deploy.mailbox import views


class ReferenceConverter:
    """A mail's reference: the name of its file and its place in it."""

    regex = r"[0-9-]+"

    def to_python(self, value: str) -> str:
        """Take it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Write it as it is."""
        return value


register_converter(ReferenceConverter, "mail")

app_name = "mailbox"
urlpatterns = [
    path("", views.index, name="index"),
    path("<mail:reference>/", views.detail, name="detail"),
    re_path("", views.missing, name="missing"),
]
