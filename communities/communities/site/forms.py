"""« Créer ma communauté »."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.communities.domains import domains_read
from communities.communities.models import Community
from communities.communities.site.own_fields import OwnFields
from core.sheets.reading import MAX_BYTES
from core.shell.forms import ChoiceCards
from regions.onboarding.queries import region_current
from regions.territories.forms import MunicipalityField, PointField
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


VALIDATION_CARDS: dict[str, tuple[str, str | Promise]] = {
    "automatic": ("check", _("Whoever joins is a member at once.")),
    "moderator": ("shield", _("You, or other moderators, answer each request.")),
    "domain": ("mail", _("At once for people whose confirmed e-mail address is in a domain.")),
    "secured": ("lock", _("At once for people who give an identifier of the file that you send.")),
}


class CommunityForm(OwnFields):
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
    validation = forms.ChoiceField(
        label=_("Validation type"),
        choices=Community.Validation.choices,
        initial=Community.Validation.AUTOMATIC,
        widget=ChoiceCards(cards=VALIDATION_CARDS),
    )
    domains = forms.CharField(
        label=_("Allowed domains"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("What follows the @, for example ville.example; one a line."),
    )
    identifiers = forms.FileField(
        label=_("File of authorised identifiers"),
        required=False,
        help_text=_(
            "CSV, XLSX or text, one identifier a row in the first column; at most 5 MB. "
            "We keep prints of them that cannot be read back."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    identifiers_reusable = forms.BooleanField(
        label=_("Several people may use the same identifier"), required=False
    )
    address = forms.CharField(
        label=_("Address or place"),
        max_length=150,
        required=False,
        help_text=_("For example: 4 rue de la Monnaie, or the name of a business park."),
    )
    point = PointField(label=_("Place on the map"))
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

    near = ""
    """The map begins with the whole region."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, MunicipalityField)
        field.regions = region_current().region_codes
        # The same key for both clicks of a double click.
        self.fields["key"].initial = uuid.uuid4

    def details(self) -> dict[str, Any]:
        """What the service takes beside the name and the place. Raises CommunityInvalidError."""
        told = self.cleaned_data
        details = {
            **self.own_fields(),
            "description": told["description"],
            "validation": told["validation"],
            "identifiers_reusable": told["identifiers_reusable"],
        }
        if told["validation"] == Community.Validation.DOMAIN:
            details["domains"] = domains_read(told["domains"])
        if told["validation"] == Community.Validation.SECURED and told["identifiers"]:
            details["identifiers"] = told["identifiers"].read(MAX_BYTES + 1)
        return details

    def ask_about_name(self) -> None:
        """Show the box that says that a name shared with another community is meant."""
        field = self.fields["same_name_meant"]
        field.widget = forms.CheckboxInput()

    def take(self, error: PasserelleError) -> None:
        """Show what the service refused beside the field it is about."""
        names = {
            "municipality_code": "municipality",
            "municipalities": "area_0",
            "file": "identifiers",
        }
        for name, message in error.fields.items():
            shown = names.get(name, name)
            self.add_error(shown if shown in self.fields else None, str(message))
        if not error.fields:
            self.add_error(None, str(error.message))
