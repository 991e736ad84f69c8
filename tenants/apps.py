"""The tenants floor: one Django app, in the public schema."""

from __future__ import annotations

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Registers the start-up checks and the task and log plumbing."""

    name = "tenants"
    label = "tenants"

    def ready(self) -> None:
        """Import the checks so that Django runs them."""
        from tenants import checks, logs, tasks

        checks.register_all()
        tasks.configure_celery()
        logs.configure_sentry()
