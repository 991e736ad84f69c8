"""Forms of the life of a community: a contact, the region's delays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from communities.lifecycle.models import Contact, LifecycleRules
from communities.lifecycle.queries import people_to_contact
from communities.lifecycle.rules import lifecycle_rules, lifecycle_rules_save
from core.accounts.models import Account
from core.shell.forms import DateInput
from tenants.errors import PasserelleError

if TYPE_CHECKING:
    _RulesForm = forms.ModelForm[LifecycleRules]
else:
    _RulesForm = forms.ModelForm

OTHER = ""


class ContactForm(forms.Form):
    """« Consigner un contact »."""

    on = forms.DateField(label=_("Date of the contact"), widget=DateInput)
    way = forms.ChoiceField(label=_("Way of the contact"), choices=Contact.Way.choices)
    who = forms.ChoiceField(label=_("Person contacted"), required=False)
    person = forms.CharField(
        label=_("Name of the person"),
        required=False,
        max_length=120,
        help_text=_("If they are not in the list."),
    )
    said = forms.CharField(
        label=_("What was said"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Facts only: the person may ask to read it."),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": timezone.localdate()}
        super().__init__(*args, **kwargs)
        self._people = {str(one.public_id): one for one in people_to_contact(community)}
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((key, one.full_name) for key, one in self._people.items()),
            (OTHER, _("Somebody else")),
        ]
        self.initial["who"] = next(iter(self._people), OTHER)

    def told(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        account: Account | None = self._people.get(data["who"])
        return {
            "on": data["on"],
            "way": data["way"],
            "said": data["said"],
            "account": account,
            "person": data["person"],
        }

    def take(self, error: PasserelleError) -> None:
        """Show what the service refused beside the field it is about."""
        for name, message in error.fields.items():
            self.add_error(name if name in self.fields else None, str(message))
        if not error.fields:
            self.add_error(None, str(error.message))


class LifecycleRulesForm(_RulesForm):
    """The region's delays, a part of « Règles des communautés »."""

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, instance=lifecycle_rules())

    def save(self, commit: bool = True) -> LifecycleRules:
        """Put the delays in force."""
        return lifecycle_rules_save(rules=self.instance)

    class Meta:
        model = LifecycleRules
        fields = ("inactive_after_months", "answer_days", "vote_days", "archive_months")
