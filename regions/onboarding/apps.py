"""The application "onboarding": what it takes to be a region, and the platform's own pages."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnboardingConfig(AppConfig):
    """Region profiles (public schema), the command that makes a region, the platform's host."""

    name = "regions.onboarding"
    label = "onboarding"
    verbose_name = _("Regions")

    def ready(self) -> None:
        """Take part in provisioning, let regions read profiles, fill the platform's menus."""
        from regions.onboarding import entries, rules
        from tenants import provisioning, roles

        provisioning.register_validator("onboarding", rules.profile_errors)
        provisioning.register_step("onboarding", rules.profile_create)
        roles.allow_read("onboarding_regionprofile")
        entries.register()
