"""Form fields that apply ``rules``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.accounts import rules
from core.accounts.codes import DIGITS, digits_of
from core.accounts.managers import normalise_email
from core.accounts.models import Account, AccountSettings
from core.accounts.site.widgets import CodeInput, PasswordInput
from core.shell.forms import DateInput

PASSWORD_RULES = _(
    "At least 10 characters. Not a common password, not only digits, not close to your e-mail: "
    "a few words in a row are easy to keep in mind."
)


class EmailField(forms.EmailField):
    """An address in its stored form."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", pgettext_lazy("label", "Email"))
        super().__init__(
            max_length=254, error_messages={"required": _("Enter your e-mail address.")}, **options
        )
        self.widget.attrs.setdefault("autocomplete", "email")
        self.widget.attrs.setdefault("autocapitalize", "off")
        self.widget.attrs.setdefault("spellcheck", "false")

    def clean(self, value: Any) -> Any:
        """Return the address trimmed and in lower case."""
        return normalise_email(super().clean(value))


class PhoneField(forms.CharField):
    """A French number, mobile or landline; cleaned to E.164."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Mobile phone"))
        options.setdefault(
            "help_text",
            _("For example 06 12 34 56 78. No mobile? A landline will do."),
        )
        super().__init__(
            max_length=30,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            error_messages={"required": _("Enter your telephone number.")},
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return the number in E.164, or an empty text when it is not required."""
        text = super().clean(value)
        return rules.clean_phone(text) if text else ""

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number as people write it; what was typed stays as typed."""
        return rules.phone_for_people(value) if str(value or "").startswith("+") else value


class NameField(forms.CharField):
    """A first or last name."""

    def __init__(self, *, autocomplete: str, missing: Any, **options: Any) -> None:
        super().__init__(
            max_length=80,
            widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
            error_messages={"required": missing},
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return the name with single spaces."""
        text = super().clean(value)
        return rules.clean_name(text) if text else ""


class TitleField(forms.ChoiceField):
    """« Civilité »."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Civil title"),
            choices=Account.Title.choices,
            widget=forms.RadioSelect(attrs={"autocomplete": "honorific-prefix"}),
            error_messages={"required": _("Choose one.")},
            **options,
        )


class BirthDateField(forms.DateField):
    """A date of birth; too young, in the future or impossible is refused by the region's rule."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Date of birth"),
            help_text=_("Never shown to other members."),
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
            widget=DateInput(attrs={"autocomplete": "bday", "placeholder": _("31/12/1990")}),
            error_messages={"required": _("Enter your date of birth.")},
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return the date if the region's rule allows it."""
        day = super().clean(value)
        if day is not None:
            rules.check_birth_date(day, minors_allowed=AccountSettings.current().minors_allowed)
        return day


class NewPasswordField(forms.CharField):
    """A password to choose; its rules are stated before typing and checked for ``person``."""

    def __init__(self, *, label: Any = None, **options: Any) -> None:
        options.setdefault("help_text", PASSWORD_RULES)
        super().__init__(
            label=label or _("Password"),
            max_length=128,
            strip=False,
            widget=PasswordInput(new=True),
            error_messages={"required": _("Choose a password.")},
            **options,
        )

    def check(self, password: str, person: Account) -> None:
        """Raise ``ValidationError`` with every rule that the password breaks."""
        validate_password(password, person)


class CodeField(forms.CharField):
    """A six-digit code; spaces and dashes that people type are left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Code"),
            widget=CodeInput(),
            error_messages={"required": _("Type the code that we sent you.")},
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return six digits."""
        digits = digits_of(super().clean(value))
        if len(digits) != DIGITS:
            raise forms.ValidationError(_("The code has six digits."), code="code_length")
        return digits


def autofocus(form: forms.Form, names: Sequence[str]) -> None:
    """Put the cursor in the first of these fields that the form has, unless it shows errors."""
    if form.is_bound:
        return
    for name in names:
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
            return
