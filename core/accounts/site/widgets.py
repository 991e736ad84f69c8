"""Controls of accounts' forms."""

from __future__ import annotations

from typing import Any

from django import forms


class PasswordInput(forms.PasswordInput):
    """A password with a button that shows what was typed (where JavaScript runs)."""

    template_name = "accounts/widgets/password.html"

    def __init__(self, *, new: bool = False) -> None:
        super().__init__(attrs={"autocomplete": "new-password" if new else "current-password"})


class CodeInput(forms.TextInput):
    """Six digits: a numeric keyboard, filled in by phones that read the mail."""

    def __init__(self) -> None:
        super().__init__(
            attrs={
                "class": "input--code",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                # Room for « 123 456 »; what is not a digit is left out.
                "maxlength": "12",
                "pattern": "[0-9 ]*",
                "autocapitalize": "off",
                "spellcheck": "false",
            }
        )


def described(field: forms.Field, **attrs: Any) -> forms.Field:
    """Return the field with more attributes on its control."""
    field.widget.attrs.update(attrs)
    return field
