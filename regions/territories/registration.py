"""« Commune de résidence » in the last step of registration, and on the profile page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Account
from core.accounts.registration import RegistrationExtra
from core.accounts.services import account_update
from regions.territories.forms import MunicipalityField, MunicipalityInput
from regions.territories.queries import municipality_get


class ResidenceExtra(RegistrationExtra):
    """Where the person lives: any municipality of the country, kept as its INSEE code."""

    name = "residence"
    order = 10
    in_profile = True

    def fields(self) -> Mapping[str, forms.Field]:
        """One municipality."""
        return {
            "residence": MunicipalityField(
                label=gettext_lazy("Municipality of residence"),
                help_text=gettext_lazy("Type its name or its postal code."),
                widget=MunicipalityInput({"autocomplete": "address-level2"}),
            )
        }

    def complete(self, *, account: Account, cleaned: Mapping[str, Any]) -> None:
        """Keep the code."""
        account_update(account=account, residence_code=cleaned["residence"].code)

    def initial(self, account: Account) -> Mapping[str, Any]:
        """Start from the code that is kept."""
        return {"residence": account.residence_code}

    def summary(self, account: Account) -> Mapping[str, str]:
        """Name the municipality."""
        municipality = municipality_get(account.residence_code)
        return {_("Municipality of residence"): municipality.label} if municipality else {}
