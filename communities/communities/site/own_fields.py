"""What communities of one type say of themselves, in forms: a site, a territory, a line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from communities.communities.queries import municipality_codes
from communities.communities.services import MAX_MUNICIPALITIES
from core.shell.forms import TimeInput
from regions.onboarding.queries import region_current
from regions.territories.areas import contours_of
from regions.territories.forms import MunicipalityField
from regions.territories.queries import municipalities_get
from tenants.errors import PasserelleError

MOST_ROWS = MAX_MUNICIPALITIES
"""So many municipalities can be given in a form: one with fewer would lose those of a territory."""
_NAMES = (
    "organisation_kind",
    "carpool_spaces",
    "access_plan",
    "road",
    "morning_from",
    "morning_until",
    "evening_from",
    "evening_until",
)


class OwnFields(forms.Form):
    """The fields of every type; a page shows those of the one at hand."""

    organisation_kind = forms.ChoiceField(
        label=_("Which kind of organisation"),
        choices=[("", _("Not said")), *Community.OrganisationKind.choices],
        required=False,
    )
    carpool_spaces = forms.IntegerField(
        label=_("Parking spaces kept for carpoolers"), required=False, min_value=0, max_value=9999
    )
    access_plan = forms.CharField(
        label=_("How to get there"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Entrances, car parks, meeting points."),
    )
    road = forms.CharField(
        label=_("Road axis"),
        max_length=120,
        required=False,
        help_text=_("For example: RN 137, Rennes – Saint-Malo."),
    )
    morning_from = forms.TimeField(label=_("Morning, from"), required=False, widget=TimeInput)
    morning_until = forms.TimeField(label=_("Morning, until"), required=False, widget=TimeInput)
    evening_from = forms.TimeField(label=_("Evening, from"), required=False, widget=TimeInput)
    evening_until = forms.TimeField(label=_("Evening, until"), required=False, widget=TimeInput)

    def __init__(self, *args: Any, areas: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = areas or []
        known = municipalities_get(areas)
        self.rows = self._rows(len(areas) + 1 if areas else 1)
        for row in range(self.rows):
            self.fields[f"area_{row}"] = MunicipalityField(
                label=_("Municipality of the territory"),
                located=True,
                required=False,
                regions=region_current().region_codes,
                initial=known.get(areas[row]) if row < len(areas) else None,
            )

    def _rows(self, known: int) -> int:
        """How many municipalities of a territory the page has room for."""
        try:
            said = int(self.data.get("rows", known))
        except ValueError:
            said = known
        return max(1, min(said + ("more" in self.data), MOST_ROWS))

    @property
    def can_add(self) -> bool:
        """Whether one more municipality may be added."""
        return self.rows < MOST_ROWS

    def areas(self) -> list[forms.BoundField]:
        """The municipalities of a territory, for the page."""
        return [self[f"area_{row}"] for row in range(self.rows)]

    def area_codes(self) -> list[str]:
        """INSEE codes of the municipalities that were chosen, as far as they are right."""
        told = getattr(self, "cleaned_data", {})
        found = [told.get(f"area_{row}") for row in range(self.rows)]
        return [one.code for one in found if one is not None]

    def map(self) -> dict[str, Any] | None:
        """The contours of the municipalities chosen so far (GeoJSON); None for none."""
        features = [
            {
                "type": "Feature",
                "geometry": shape,
                "properties": {"title": code, "text": "", "url": "", "kind": "area"},
            }
            for code, shape in contours_of(self.area_codes()).items()
        ]
        return {"type": "FeatureCollection", "features": features} if features else None

    def own_fields(self) -> dict[str, Any]:
        """What the service takes; it passes over what is of another type."""
        return {
            **{name: self.cleaned_data[name] for name in _NAMES},
            "municipalities": self.area_codes(),
        }

    def look(self) -> None:
        """Check for the map alone: what is missing is not said yet."""
        self.is_valid()
        self.errors.clear()


class OwnFieldsForm(OwnFields):
    """« Compléter la fiche »: those of one community."""

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        initial = {name: getattr(community, name) for name in _NAMES}
        super().__init__(*args, initial=initial, areas=municipality_codes(community), **kwargs)

    def take(self, error: PasserelleError) -> None:
        """Show what the service refused beside the field it is about."""
        for name, message in error.fields.items():
            shown = "area_0" if name == "municipalities" else name
            self.add_error(shown if shown in self.fields else None, str(message))
