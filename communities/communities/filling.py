"""What communities say: told values set on a row, unsaved, and what is wrong with them.

The writes are in ``services``, which calls this within its transaction.
"""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.communities.domains import domains_of
from communities.communities.models import Community
from regions.onboarding.queries import region_current
from regions.territories.areas import lies_in
from regions.territories.models import Municipality
from regions.territories.names import fold
from regions.territories.queries import municipalities_get, municipality_get

MAX_MUNICIPALITIES: Final = 150
"""Of one territory: more is a département."""
_TEXTS: Final = {"description": 5000, "access_plan": 2000, "road": 120}
_PLAIN: Final = (
    "validation",
    "identifiers_reusable",
    "adverts_hidden",
    "adverts_leave",
    "members_hidden",
    "organisation_kind",
    "carpool_spaces",
    "morning_from",
    "morning_until",
    "evening_from",
    "evening_until",
)
"""Columns that are set as they are told."""
HISTORY: Final = (
    *("name", "short_description", "place_label", "logo", "contact_email"),
    *_TEXTS,
    *_PLAIN,
)
"""Columns whose changes are kept in the history of a community."""
OWN_FIELDS: Final = {
    Community.Kind.ORGANISATION: ("organisation_kind", "carpool_spaces", "access_plan"),
    Community.Kind.TERRITORY: ("municipalities",),
    Community.Kind.LINE: (
        "road",
        "morning_from",
        "morning_until",
        "evening_from",
        "evening_until",
    ),
}
"""What communities of each type say that others do not."""


def fill(community: Community, told: dict[str, Any], fields: dict[str, str | Promise]) -> None:
    """Set what is told on the row; what is wrong with it is said in ``fields``."""
    foreign = {
        name for kind, names in OWN_FIELDS.items() if kind != community.kind for name in names
    }
    for name in foreign & told.keys():
        del told[name]
    if "name" in told:
        community.name = " ".join(told["name"].split())
        if not 3 <= len(community.name) <= 100 or not fold(community.name):
            fields["name"] = _("Give a name of 3 to 100 characters.")
    if "short_description" in told:
        community.short_description = told["short_description"].strip()
        if not 1 <= len(community.short_description) <= 200:
            fields["short_description"] = _(
                "Say in a sentence of at most 200 characters who it is for."
            )
    if contact := told.get("contact_email", "").strip():
        try:
            validate_email(contact)
        except ValidationError:
            fields["contact_email"] = _("Give an e-mail address, such as contact@ville.example.")
    if "contact_email" in told:
        community.contact_email = contact
    for name, most in _TEXTS.items():
        if name in told:
            setattr(community, name, told[name].strip())
            if len(getattr(community, name)) > most:
                fields[name] = _("At most %(most)d characters, please.") % {"most": most}
    for name in told.keys() & set(_PLAIN):
        setattr(community, name, told[name])
    if community.organisation_kind not in ("", *Community.OrganisationKind.values):
        fields["organisation_kind"] = _("Choose a kind from the list.")
    if not 0 <= (community.carpool_spaces or 0) <= 9999:
        fields["carpool_spaces"] = _("From 0 to 9,999 spaces.")
    for part in ("morning", "evening"):
        first, last = (getattr(community, f"{part}_{end}") for end in ("from", "until"))
        if (first is None) != (last is None) or (first is not None and first >= last):
            fields[f"{part}_until"] = _("Give both times, the later one second.")
    _check_validation(community, told, fields)
    _check_municipalities(told, fields)


def _check_validation(
    community: Community, told: dict[str, Any], fields: dict[str, str | Promise]
) -> None:
    if community.validation not in Community.Validation.values:
        fields["validation"] = _("Choose how people join.")
    elif community.validation == Community.Validation.DOMAIN and {"validation", "domains"} & set(
        told
    ):
        kept = told.get("domains", domains_of(community) if community.pk else ())
        if not kept:
            fields["domains"] = _("Give at least one domain. Example: ville.example")


def _check_municipalities(told: dict[str, Any], fields: dict[str, str | Promise]) -> None:
    codes = list(dict.fromkeys(told.get("municipalities", ())))
    if not codes:
        return
    known = municipalities_get(codes)
    regions = region_current().region_codes
    if len(codes) > MAX_MUNICIPALITIES:
        fields["municipalities"] = _("At most %(most)d municipalities.") % {
            "most": MAX_MUNICIPALITIES
        }
    elif any(code not in known or known[code].region not in regions for code in codes):
        fields["municipalities"] = _("Choose municipalities of this region from the list.")


def place_at(
    community: Community,
    code: str,
    address: str,
    fields: dict[str, str | Promise],
    *,
    point: tuple[float, float] | None = None,
) -> None:
    """Put the community in a municipality of the region, at a point there or in its middle."""
    municipality: Municipality | None = municipality_get(code)
    if municipality is None or municipality.lat is None or municipality.lon is None:
        fields["municipality_code"] = _("Choose a municipality from the list.")
        return
    if municipality.region not in region_current().region_codes:
        fields["municipality_code"] = _("%(name)s is outside this region.") % {
            "name": municipality.label
        }
    address = " ".join(address.split())
    community.place_label = f"{address}, {municipality.name}" if address else municipality.name
    community.municipality_code = municipality.code
    community.lat, community.lon = point or (municipality.lat, municipality.lon)
    if point is not None and not lies_in(municipality.code, *point):
        fields["point"] = _("This point is outside %(name)s.") % {"name": municipality.name}
