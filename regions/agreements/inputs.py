"""What is said in an agreement, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regions.agreements.errors import AgreementError
from regions.agreements.models import Field, Pooled, paris_today
from regions.territories.models import Departement
from tenants.models import Tenant

MOST_PARTIES = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a version of an agreement says."""

    title: str
    purpose: str
    pools: Sequence[str]
    starts_on: date
    ends_on: date | None = None
    fields: Sequence[str] = ()
    departments: Sequence[str] = ()
    """INSEE codes; none: everywhere."""
    text: str = ""

    def columns(self) -> dict[str, Any]:
        """The same, as columns of ``Agreement``."""
        said = asdict(self)
        for name in ("pools", "fields", "departments"):
            said[name] = sorted(set(said[name]))
        for name in ("title", "purpose", "text"):
            said[name] = said[name].strip()
        return said

    def as_json(self) -> dict[str, object]:
        """The same, for the log."""
        said = self.columns()
        for name in ("starts_on", "ends_on"):
            said[name] = said[name].isoformat() if said[name] else None
        return said


def checked_terms(terms: Terms) -> None:
    """Raise ``AgreementError`` (``invalid_agreement``) with all that is wrong."""
    wrong: dict[str, str | Promise] = {}
    if not 3 <= len(terms.title.strip()) <= 120:
        wrong["title"] = _("A title of 3 to 120 characters.")
    if len(terms.purpose.strip()) < 10:
        wrong["purpose"] = _("Say in a sentence what the agreement is for.")
    if not terms.pools or not set(terms.pools) <= set(Pooled.values):
        wrong["pools"] = _("Choose what is pooled.")
    if not set(terms.fields) <= set(Field.values):
        wrong["fields"] = _("One of these fields does not exist.")
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        wrong["ends_on"] = _("The end comes before the start.")
    elif terms.ends_on is not None and terms.ends_on < paris_today():
        wrong["ends_on"] = _("This day is past: the agreement would never be in force.")
    codes = set(terms.departments)
    unknown = codes - set(Departement.objects.filter(code__in=codes).values_list("code", flat=True))
    if unknown:
        wrong["departments"] = _("No département has the code %(codes)s.") % {
            "codes": ", ".join(sorted(unknown))
        }
    if wrong:
        raise _invalid(wrong)


def checked_partners(region: Tenant, slugs: Sequence[str]) -> list[Tenant]:
    """Return the other parties by their short names, or raise as ``checked_terms`` does."""
    if region.slug in slugs:
        raise _invalid({"partners": _("A region makes no agreement with itself.")})
    wanted = set(slugs)
    found = list(Tenant.objects.filter(slug__in=wanted, state=Tenant.State.LIVE).order_by("pk"))
    if not wanted:
        raise _invalid({"partners": _("Choose at least one other region.")})
    if len(found) != len(wanted):
        raise _invalid({"partners": _("One of these regions does not exist.")})
    if len(found) >= MOST_PARTIES:
        raise _invalid({"partners": _("An agreement has at most 20 parties.")})
    return found


def _invalid(fields: dict[str, str | Promise]) -> AgreementError:
    return AgreementError(
        _("The agreement cannot be proposed like this."), code="invalid_agreement", fields=fields
    )
