"""What a region is to people, beside what the machine knows (``tenants.Tenant``). Public."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.onboarding.emails import validate_email_usable
from tenants.models import Tenant


class RegionProfile(models.Model):
    """The business side of a region: where it is, and whom to write to.

    Regions read it (``tenants.roles.allow_read``); only the platform writes it.
    """

    tenant = models.OneToOneField(
        Tenant,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="profile",
        verbose_name=_("region"),
    )
    region_codes = ArrayField(
        models.CharField(max_length=3),
        verbose_name=_("administrative regions (INSEE codes)"),
        help_text=_("Separated by commas: 53,52 for Bretagne and Pays de la Loire."),
    )
    contact_email = models.EmailField(
        _("contact address"),
        help_text=_("For the public: questions about the service."),
    )
    support_email = models.EmailField(
        _("support address"),
        help_text=_("For people who run communities and for administrators."),
    )

    class Meta:
        verbose_name = _("region profile")
        verbose_name_plural = _("region profiles")
        ordering: ClassVar[list[str]] = ["tenant"]

    def __str__(self) -> str:
        return str(self.tenant)

    def clean(self) -> None:
        """Refuse unknown region codes and unusable addresses, whoever types them."""
        from regions.onboarding.rules import regions_error

        errors: dict[str, Any] = {}
        if error := regions_error(self.region_codes or []):
            errors["region_codes"] = error
        for name in ("contact_email", "support_email"):
            try:
                validate_email_usable(getattr(self, name))
            except ValidationError as refused:
                errors[name] = refused
        if errors:
            raise ValidationError(errors)
