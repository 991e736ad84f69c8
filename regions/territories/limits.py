"""Départements and intercommunalities as limits of a role (``core.accounts.territories``)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from regions.onboarding.queries import region_current
from regions.territories.models import Departement, Intercommunality, Municipality


class Limits:
    """The territories of the current region."""

    def choices(self) -> Sequence[tuple[str, str]]:
        """Return départements, then intercommunalities: codes and names; three queries."""
        regions = region_current().region_codes
        departements = Departement.objects.filter(region__in=regions).order_by("name")
        own = Municipality.objects.filter(region__in=regions).values("intercommunality_code")
        groups = Intercommunality.objects.filter(code__in=own).order_by("name")
        return [(one.code, str(one)) for one in departements] + [
            (one.code, one.name) for one in groups
        ]

    def municipalities(self, codes: Sequence[str]) -> Sequence[str]:
        """Return the INSEE codes of their municipalities; one query."""
        within = Q(departement__in=codes) | Q(intercommunality_code__in=codes)
        return list(
            Municipality.objects.filter(within).order_by("code").values_list("code", flat=True)
        )
