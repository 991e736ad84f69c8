"""What a person gives to join: a message, an identifier, or nothing but a click."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.communities.identifiers import MAX_LENGTH
from communities.communities.joining import MESSAGE_LENGTH
from communities.communities.models import Community
from tenants.errors import PasserelleError


class JoinForm(forms.Form):
    """The fields that the community's validation asks for; others are not there."""

    message = forms.CharField(
        label=_("Your message to the moderators"),
        max_length=MESSAGE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example your department, your site or your neighbourhood."),
    )
    identifier = forms.CharField(
        label=_("Your identifier"),
        max_length=MAX_LENGTH,
        help_text=_(
            "The one that your organisation gave you, for example your staff number. "
            "Five tries in a quarter of an hour."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    accepts_mails = forms.BooleanField(
        label=_("I accept e-mails from the people who run this community"), required=False
    )
    shows_address = forms.BooleanField(label=_("They may see my e-mail address"), required=False)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if community.validation != Community.Validation.MODERATOR:
            del self.fields["message"]
        if community.validation != Community.Validation.SECURED:
            del self.fields["identifier"]

    def take(self, error: PasserelleError) -> None:
        """Show what the service refused beside the field it is about."""
        for name, message in error.fields.items():
            self.add_error(name if name in self.fields else None, str(message))
        if not error.fields:
            self.add_error(None, str(error.message))
