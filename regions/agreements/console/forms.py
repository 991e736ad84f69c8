"""The terms of an agreement, as an administrator writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.shell.forms import DateInput
from regions.agreements.inputs import Terms
from regions.agreements.models import Agreement, Field, Pooled
from regions.agreements.queries import other_regions


class TermsForm(forms.Form):
    """What is agreed; the services check it."""

    title = forms.CharField(label=_("Title of the agreement"), max_length=120)
    purpose = forms.CharField(
        label=_("What the agreement is for"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Members read it where they are told what circulates."),
    )
    pools = forms.MultipleChoiceField(
        label=_("What is pooled"),
        choices=Pooled.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    fields_shared = forms.MultipleChoiceField(
        label=_("Beside the places, days, times and seats of adverts, partners read"),
        choices=Field.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Searches never show who offers a ride, nor an exact address. Between two people who "
            "have agreed on one, first name, initial, telephone and exact places cross; e-mail "
            "addresses never do."
        ),
    )
    departments = forms.CharField(
        label=_("Départements"),
        max_length=500,
        required=False,
        help_text=_("Their numbers, separated by commas: 35, 44. Empty: everywhere."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput(), required=False)
    text = forms.CharField(
        label=_("Text of the agreement"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    @classmethod
    def of(cls, agreement: Agreement, data: Any = None) -> TermsForm:
        """The form of an agreement's present version."""
        return cls(
            data,
            initial={
                "title": agreement.title,
                "purpose": agreement.purpose,
                "pools": agreement.pools,
                "fields_shared": agreement.fields,
                "departments": ", ".join(agreement.departments),
                "starts_on": agreement.starts_on,
                "ends_on": agreement.ends_on,
                "text": agreement.text,
            },
        )

    def terms(self) -> Terms:
        """What was said; the form must be valid."""
        said = self.cleaned_data
        codes = re.split(r"[\s,;]+", said["departments"].upper())
        return Terms(
            title=said["title"],
            purpose=said["purpose"],
            pools=said["pools"],
            fields=said["fields_shared"],
            departments=[code for code in codes if code],
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            text=said["text"],
        )

    def add_errors(self, fields: Mapping[str, str | Promise]) -> None:
        """Show what the services refused beside its field."""
        for name, message in fields.items():
            own = {"fields": "fields_shared"}.get(name, name)
            self.add_error(own if own in self.fields else None, str(message))


class ProposalForm(TermsForm):
    """A new agreement: the terms, and with whom."""

    partners = forms.MultipleChoiceField(
        label=_("With which regions"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("partners",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": timezone.localdate(), "pools": ["adverts"]})
        super().__init__(*args, **kwargs)
        field = self.fields["partners"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(tenant.slug, tenant.name) for tenant in other_regions()]
