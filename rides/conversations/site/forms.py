"""Writing, reporting, choosing what one is told of."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from core.shell.forms import Switch, TimeInput
from rides.conversations.models import BODY_LENGTH, Preferences, Report


class MessageForm(forms.Form):
    """What one says."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    body = forms.CharField(
        label=_("Your message"),
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()}, **options)


class ReportForm(forms.Form):
    """What is wrong."""

    reason = forms.ChoiceField(
        label=_("What is it about?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What happened, in your words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    block = forms.BooleanField(
        label=_("Block this person as well: we no longer find or write to each other"),
        required=False,
        initial=True,
    )


class PreferencesForm(forms.Form):
    """Which mails, and at what hours not."""

    messages = forms.BooleanField(label=_("New messages by e-mail"), required=False, widget=Switch)
    bookings = forms.BooleanField(
        label=_("Requests, answers and cancellations by e-mail"), required=False, widget=Switch
    )
    recap = forms.BooleanField(
        label=_("Once a week, my rides to confirm"), required=False, widget=Switch
    )
    quiet = forms.BooleanField(label=_("No mail during quiet hours"), required=False, widget=Switch)
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=TimeInput)
    quiet_until = forms.TimeField(label=_("Quiet until"), widget=TimeInput)

    def save(self, account: Account) -> None:
        """Keep the choices."""
        Preferences.objects.update_or_create(account=account, defaults=self.cleaned_data)
