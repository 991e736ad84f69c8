"""Forms of a person's page: why they are suspended, which role they get."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts import territories
from core.accounts.models import RoleAssignment


class SuspensionForm(forms.Form):
    """« Suspendre »: a reason is due to the person."""

    reason = forms.CharField(
        label=_("Reason of the suspension"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it in the mail that tells them; it stays in the history."),
    )


class RoleForm(forms.Form):
    """A role, and where it counts."""

    role = forms.ChoiceField(label=_("Role"), choices=RoleAssignment.Role.choices)
    territories = forms.MultipleChoiceField(
        label=_("Limited to"),
        required=False,
        help_text=_("Départements or intercommunalities; none: the whole region."),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["territories"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(territories.choices())
