"""What a new region must say, checked before anything is made; and its profile, made with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regions.onboarding.emails import validate_email_usable
from regions.onboarding.models import RegionProfile
from regions.territories.models import AdministrativeRegion
from tenants.models import Tenant
from tenants.provisioning import ProvisioningRequest

EMAILS = ("admin_email", "contact_email", "support_email")


def regions_error(codes: Sequence[str], *, using: str = "default") -> str | Promise:
    """Return what is wrong with a list of INSEE codes of administrative regions; "" if nothing."""
    if not codes:
        return _("At least one administrative region.")
    if len(set(codes)) != len(codes):
        return _("The same administrative region is given twice.")
    known = set(
        AdministrativeRegion.objects.using(using)
        .filter(code__in=codes)
        .values_list("code", flat=True)
    )
    unknown = [code for code in codes if code not in known]
    if unknown:
        return _("No administrative region has the INSEE code %(codes)s.") % {
            "codes": ", ".join(unknown)
        }
    return ""


def profile_errors(request: ProvisioningRequest) -> Mapping[str, str | Promise]:
    """Return what is wrong with what this floor reads of a request, by field.

    ``extra``: ``regions`` (list of INSEE codes), ``admin_email``, ``contact_email`` and
    ``support_email`` (both default to the administrator's).
    """
    errors: dict[str, str | Promise] = {}
    # Before the region exists only the owner may read: nothing is current.
    if error := regions_error(list(request.extra.get("regions", ())), using="owner"):
        errors["regions"] = error
    for name in EMAILS:
        address = str(request.extra.get(name, ""))
        if not address and name != "admin_email":
            continue
        try:
            validate_email_usable(address)
        except ValidationError as refused:
            errors[name] = str(refused.messages[0])
    if request.language not in dict(settings.LANGUAGES):
        errors["language"] = _("The interface does not exist in this language.")
    if request.time_zone not in available_timezones():
        errors["time_zone"] = _("Unknown time zone. Example: Europe/Paris.")
    return errors


def profile_create(*, tenant: Tenant, request: ProvisioningRequest, using: str) -> None:
    """Make the profile of a new region (a provisioning step)."""
    extra: Mapping[str, Any] = request.extra
    RegionProfile.objects.using(using).create(
        tenant=tenant,
        region_codes=list(extra["regions"]),
        contact_email=extra.get("contact_email") or extra["admin_email"],
        support_email=extra.get("support_email") or extra["admin_email"],
    )
