"""What one says of a ride in words."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rides.journeys.models import THANKS_LENGTH


class ThanksForm(forms.Form):
    """A word of thanks; an empty one takes it back."""

    text = forms.CharField(
        label=_("Your word"),
        required=False,
        max_length=THANKS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
