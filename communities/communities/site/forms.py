"""« Créer ma communauté »."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from core.shell.forms import ChoiceCards
from regions.onboarding.queries import region_current
from regions.territories.forms import MunicipalityField
from tenants.errors import PasserelleError

KIND_CARDS: dict[str, tuple[str, str | Promise]] = {
    "organisation": (
        "building",
        _("Colleagues, students or visitors of one place share the way there and back."),
    ),
    "territory": (
        "pin",
        _("People of one or several municipalities, for daily trips and leisure."),
    ),
    "line": ("route", _("People who use the same road, above all at peak hours.")),
}


class CommunityForm(forms.Form):
    """What a new community says of itself. The service has the last word."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("As its members know it."))
    kind = forms.ChoiceField(
        label=_("Type"), choices=Community.Kind.choices, widget=ChoiceCards(cards=KIND_CARDS)
    )
    short_description = forms.CharField(
        label=_("Short description"),
        max_length=200,
        help_text=_("One sentence: who it is for. Lists of communities show it."),
    )
    description = forms.CharField(
        label=_("Detailed description"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What you plan, where to meet, what helps on the way."),
    )
    municipality = MunicipalityField(label=_("Municipality"), located=True)
    address = forms.CharField(
        label=_("Address or place"),
        max_length=150,
        required=False,
        help_text=_("For example: 4 rue de la Monnaie, or the name of a business park."),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG, WebP or GIF, at least 200 × 200 pixels, at most 4 MB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    same_name_meant = forms.BooleanField(
        label=_("It is not the same community: create mine all the same"),
        required=False,
        widget=forms.HiddenInput,
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, MunicipalityField)
        field.regions = region_current().region_codes
        # The same key for both clicks of a double click.
        self.fields["key"].initial = uuid.uuid4

    def ask_about_name(self) -> None:
        """Show the box that says that a name shared with another community is meant."""
        field = self.fields["same_name_meant"]
        field.widget = forms.CheckboxInput()

    def take(self, error: PasserelleError) -> None:
        """Show what the service refused beside the field it is about."""
        names = {"municipality_code": "municipality"}
        for name, message in error.fields.items():
            shown = names.get(name, name)
            self.add_error(shown if shown in self.fields else None, str(message))
        if not error.fields:
            self.add_error(None, str(error.message))
