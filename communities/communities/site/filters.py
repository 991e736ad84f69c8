"""What a list of communities is narrowed by: words, type, département, commune and around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from communities.communities import queries
from communities.communities.models import Community
from regions.onboarding.queries import region_current
from regions.territories.forms import MunicipalityField
from regions.territories.models import Municipality
from regions.territories.queries import departement_names, intercommunality_codes


class TerritoryForm(forms.Form):
    """Where communities are looked for; what is wrong filters nothing, and says so."""

    departement = forms.ChoiceField(label=_("Département"), required=False)
    commune = MunicipalityField(label=_("Commune"), required=False)
    autour = forms.BooleanField(label=_("And all of its intercommunality"), required=False)

    def __init__(self, data: QueryDict) -> None:
        # Addresses that carry nothing of it ask nothing, and show no error.
        super().__init__(data)
        regions = region_current().region_codes
        names = departement_names(regions=regions)
        field = self.fields["departement"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All the region"))]
        field.choices += [(key, f"{name} ({key})") for key, name in sorted(names.items())]
        commune = self.fields["commune"]
        assert isinstance(commune, MunicipalityField)
        commune.regions = regions


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked, checked."""

    text: str
    kind: str
    form: TerritoryForm
    departement: str
    commune: Municipality | None
    around: bool

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the whole list is asked."""
        return bool(self.text or self.kind or self.departement or self.commune)

    def found(self, account: Any) -> Any:
        """Return the communities asked for, largest first, with their counts."""
        codes = None
        if self.commune is not None:
            codes = [self.commune.code]
            if self.around and self.commune.intercommunality_code:
                codes = intercommunality_codes(self.commune.intercommunality_code)
        return queries.communities_list(
            account, text=self.text, kind=self.kind, departement=self.departement, codes=codes
        )

    def parameters(self) -> Mapping[str, str]:
        """Return the address's part that asks the same."""
        told = {
            "q": self.text,
            "type": self.kind,
            "departement": self.departement,
            "commune": self.commune.label if self.commune else "",
            "commune_code": self.commune.code if self.commune else "",
            "autour": "on" if self.commune and self.around else "",
        }
        return {name: value for name, value in told.items() if value}


def asked(request: HttpRequest) -> Asked:
    """Read what a request asks."""
    form = TerritoryForm(request.GET)
    form.is_valid()
    told = form.cleaned_data
    kind = request.GET.get("type", "")
    return Asked(
        text=request.GET.get("q", "").strip()[:100],
        kind=kind if kind in Community.Kind.values else "",
        form=form,
        departement=told.get("departement") or "",
        commune=told.get("commune"),
        around=bool(told.get("autour")),
    )
