"""Forms of a community's console: its detail (PP-09), its settings, a new member, an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.communities.domains import domains_of, domains_read
from communities.communities.models import Community, Membership
from communities.communities.queries import municipality_codes
from communities.communities.services import OWN_FIELDS, CommunityChanges
from communities.communities.site.own_fields import OwnFields
from core.shell.forms import ChoiceCards, Switch
from regions.onboarding.queries import region_current
from regions.territories.forms import MunicipalityField, PointField
from regions.territories.models import Municipality
from regions.territories.names import fold
from regions.territories.queries import municipality_get
from tenants.errors import PasserelleError

VALIDATION_CARDS: dict[str, tuple[str, str | Promise]] = {
    "automatic": ("check", _("People are members as soon as they ask.")),
    "moderator": ("user-plus", _("People wait until a moderator accepts them.")),
    "domain": ("mail", _("People whose e-mail address is in one of your domains join at once.")),
    "secured": ("lock", _("People give an identifier that is in the file you uploaded.")),
}


class _Taking(forms.Form):
    """A form whose service has the last word."""

    def take(self, error: PasserelleError) -> None:
        """Show what the service refused beside the field it is about."""
        names = {"municipality_code": "municipality", "municipalities": "area_0"}
        for name, message in error.fields.items():
            shown = names.get(name, name)
            self.add_error(shown if shown in self.fields else None, str(message))
        if not error.fields:
            self.add_error(None, str(error.message))


class DetailForm(_Taking, OwnFields):
    """« Détail »: what every community says, and what those of its type say."""

    name = forms.CharField(label=_("Name"), max_length=100)
    validation = forms.ChoiceField(
        label=_("Validation type"),
        choices=Community.Validation.choices,
        help_text=_("Allowed domains and identifiers are given in the tab “Settings”."),
    )
    logo = forms.FileField(
        label=_("New image"),
        required=False,
        help_text=_("PNG, JPEG, WebP or GIF, at least 200 × 200 pixels, at most 4 MB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    adverts_hidden = forms.BooleanField(
        label=_("Adverts hidden in results"),
        required=False,
        widget=Switch,
        help_text=_("People who are not members no longer see the members' adverts."),
    )
    members_hidden = forms.BooleanField(
        label=_("Members hidden"),
        required=False,
        widget=Switch,
        help_text=_("Members and moderators no longer show on the community's page."),
    )
    municipality = MunicipalityField(label=_("Municipality"), located=True)
    address = forms.CharField(label=_("Address"), max_length=150, required=False)
    point = PointField(label=_("Place on the map"))
    short_description = forms.CharField(
        label=_("Short presentation"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    description = forms.CharField(
        label=_("Detailed presentation"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        place = municipality_get(community.municipality_code)
        address = community.place_label
        if place is not None:
            address = address.removesuffix(place.name).removesuffix(", ")
        kwargs["initial"] = {
            "name": community.name,
            "validation": community.validation,
            "adverts_hidden": community.adverts_hidden,
            "members_hidden": community.members_hidden,
            "municipality": place,
            "address": address,
            "point": self._point(community, place),
            "short_description": community.short_description,
            "description": community.description,
            **{name: getattr(community, name) for name in self._own(community)},
        }
        self.community = community
        self.near = f"{community.lat:.5f},{community.lon:.5f}"
        self._codes = municipality_codes(community)
        super().__init__(*args, areas=self._codes, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, MunicipalityField)
        field.regions = region_current().region_codes

    @staticmethod
    def _point(community: Community, place: Municipality | None) -> tuple[float, float] | None:
        """Where it was put on the map; None for the middle of its municipality."""
        at = (community.lat, community.lon)
        return None if place is not None and at == (place.lat, place.lon) else at

    @staticmethod
    def _own(community: Community) -> list[str]:
        """The columns of its type."""
        own = OWN_FIELDS[Community.Kind(community.kind)]
        return [name for name in own if name != "municipalities"]

    def told(self) -> CommunityChanges:
        """Return what the service takes; places only when they were changed."""
        data = self.cleaned_data
        changes = CommunityChanges(
            name=data["name"],
            validation=data["validation"],
            adverts_hidden=data["adverts_hidden"],
            members_hidden=data["members_hidden"],
            short_description=data["short_description"],
            description=data["description"],
        )
        changes.update({name: data[name] for name in self._own(self.community)})  # type: ignore[typeddict-item]
        # A territory without municipalities is that of its own place, and goes on following it.
        if self.area_codes() != self._codes:
            changes["municipalities"] = self.area_codes()
        if data["logo"]:
            changes["logo"] = data["logo"]
        if {"municipality", "address", "point"} & set(self.changed_data):
            moved = "municipality" in self.changed_data and "point" not in self.changed_data
            changes["municipality_code"] = data["municipality"].code
            changes["address"] = data["address"]
            changes["point"] = None if moved else data["point"]
        return changes


class SettingsForm(_Taking):
    """« Paramètres »: who joins and how, and what is hidden."""

    validation = forms.ChoiceField(
        label=_("Validation type"),
        choices=Community.Validation.choices,
        widget=ChoiceCards(cards=VALIDATION_CARDS),
    )
    domains = forms.CharField(
        label=_("Allowed domains"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for instance ville.example. For validation by domain."),
    )
    identifiers = forms.FileField(
        label=_("File of authorised identifiers"),
        required=False,
        help_text=_("CSV or XLSX, one identifier a row, at most 5 MB. For secured validation."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,text/csv,text/plain"}),
    )
    replace = forms.BooleanField(
        label=_("Withdraw the identifiers that this file does not hold and nobody has used"),
        required=False,
    )
    identifiers_reusable = forms.BooleanField(
        label=_("Several people may use the same identifier"), required=False, widget=Switch
    )
    adverts_hidden = forms.BooleanField(
        label=_("Adverts hidden in results"), required=False, widget=Switch
    )
    members_hidden = forms.BooleanField(label=_("Members hidden"), required=False, widget=Switch)
    adverts_leave = forms.BooleanField(
        label=_("Adverts may be offered to partner regions"),
        required=False,
        widget=Switch,
        help_text=_("Each author is asked; their name and exact address never leave the region."),
    )
    contact_email = forms.EmailField(
        label=_("Contact address of the community"),
        required=False,
        help_text=_(
            "Everybody may read it on the community's page. Rather that of a service, for "
            "instance mobilite@ville.example. Empty: no address is shown."
        ),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "validation": community.validation,
            "domains": "\n".join(domains_of(community)),
            "identifiers_reusable": community.identifiers_reusable,
            "adverts_hidden": community.adverts_hidden,
            "members_hidden": community.members_hidden,
            "adverts_leave": community.adverts_leave,
            "contact_email": community.contact_email,
        }
        super().__init__(*args, **kwargs)

    def clean_domains(self) -> list[str]:
        """Read the domains, in their one form."""
        try:
            return domains_read(self.cleaned_data["domains"])
        except PasserelleError as refused:
            raise ValidationError(str(refused.fields["domains"])) from None

    def told(self) -> CommunityChanges:
        """Return what the service takes."""
        data = self.cleaned_data
        return CommunityChanges(
            validation=data["validation"],
            domains=data["domains"],
            identifiers_reusable=data["identifiers_reusable"],
            adverts_hidden=data["adverts_hidden"],
            members_hidden=data["members_hidden"],
            adverts_leave=data["adverts_leave"],
            contact_email=data["contact_email"],
        )


class MemberForm(forms.Form):
    """« Ajouter un membre »."""

    email = forms.EmailField(
        label=_("E-mail address of the person"),
        help_text=_("The one of their account. Without an account, they receive an invitation."),
    )
    role = forms.ChoiceField(label=_("Status"), choices=Membership.Role.choices)


class ReasonForm(forms.Form):
    """Why somebody is refused."""

    reason = forms.CharField(
        label=_("Reason given"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The people concerned read it in the mail that answers them."),
    )


class DeletionForm(forms.Form):
    """« Supprimer »: the name is typed, so that nobody deletes another one by mistake."""

    name = forms.CharField(
        label=_("Type the name of the community to confirm"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Reason given"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the community's history."),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.community = community

    def clean_name(self) -> str:
        """Accept the name whatever accents, capitals and spaces."""
        name: str = self.cleaned_data["name"]
        if fold(name) != fold(self.community.name):
            raise ValidationError(_("This is not the name of this community."), code="other_name")
        return name
