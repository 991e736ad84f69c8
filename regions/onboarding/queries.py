"""Reads of regions' profiles and of the platform's list of regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch

from regions.onboarding.models import RegionProfile
from regions.territories.queries import region_names
from tenants.context import current_tenant
from tenants.memory import Remembered
from tenants.middleware import absolute_url
from tenants.models import Domain, Tenant


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A region as the platform lists it."""

    tenant: Tenant
    url: str
    """Address of its site; empty if it has no host."""
    console_url: str
    hosts: tuple[str, ...]
    """Every host, those of the site first, primary ones first."""
    territories: tuple[str, ...]
    """Names of its administrative regions."""


def region_current() -> RegionProfile:
    """Return the profile of the region that is current, to read only; remembered for seconds.

    Raises ``NoTenantError`` outside any region.
    """
    return _PROFILE.get()


def _read_profile() -> RegionProfile:
    return RegionProfile.objects.get(tenant_id=current_tenant().pk)


_PROFILE: Final = Remembered(_read_profile)


def regions_listed(*, state: str | None = None) -> list[RegionLine]:
    """Return all regions (of one state) by name, with hosts and territories; four queries.

    For the platform: a region's role may not read other regions' rows.
    """
    tenants = Tenant.objects.order_by("name").prefetch_related(
        "profile", Prefetch("domains", Domain.objects.order_by("-kind", "-is_primary", "host"))
    )
    if state is not None:
        tenants = tenants.filter(state=state)
    names = region_names()
    return [_line(tenant, names) for tenant in tenants]


def _line(tenant: Tenant, names: dict[str, str]) -> RegionLine:
    domains = list(tenant.domains.all())

    def primary(kind: str, path: str) -> str:
        for domain in domains:
            if domain.kind == kind and domain.is_primary:
                return absolute_url(domain.host, path)
        return ""

    profile: RegionProfile | None = getattr(tenant, "profile", None)
    codes = profile.region_codes if profile is not None else []
    return RegionLine(
        tenant=tenant,
        url=primary(Domain.Kind.SITE, "/"),
        console_url=primary(Domain.Kind.CONSOLE, "/administration/"),
        hosts=tuple(domain.host for domain in domains),
        territories=tuple(names.get(code, code) for code in codes),
    )
