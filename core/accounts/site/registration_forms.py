"""The three forms of registration. What was typed is remembered and shown again as it was."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.forms.utils import ErrorDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts import registration
from core.accounts.models import Account
from core.accounts.site.fields import (
    BirthDateField,
    EmailField,
    NameField,
    NewPasswordField,
    PhoneField,
    TitleField,
)


class StepForm(forms.Form):
    """A step. ``silent`` shows what was typed without checking it, for someone who comes back."""

    def __init__(self, data: Any = None, *, silent: bool = False) -> None:
        super().__init__(data)
        self.silent = silent

    def full_clean(self) -> None:
        """Check, unless the form only shows again what is known."""
        if self.silent:
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data: dict[str, Any] = {}
            return
        super().full_clean()


class CredentialsForm(StepForm):
    """Step 1: address, telephone, password.

    The password leaves the form as a hash, and is asked again only to change it: ``known_hash``
    is the one chosen before.
    """

    email = EmailField()
    phone = PhoneField()
    password = NewPasswordField()

    def __init__(self, data: Any = None, *, silent: bool = False, known_hash: str = "") -> None:
        super().__init__(data, silent=silent)
        self.password_hash = known_hash
        if known_hash:
            field = self.fields["password"]
            field.required = False
            field.help_text = _("Your password is kept. Type another one only to change it.")

    def clean_password(self) -> str:
        """Check the password and keep its hash only."""
        password: str = self.cleaned_data["password"]
        if password:
            field = self.fields["password"]
            assert isinstance(field, NewPasswordField)
            person = Account(email=self.cleaned_data.get("email", ""))
            field.check(password, person)
            self.password_hash = make_password(password)
        return ""


class IdentityForm(StepForm):
    """Step 2: who the person is."""

    first_name = NameField(
        label=_("First name"), autocomplete="given-name", missing=_("Enter your first name.")
    )
    last_name = NameField(
        label=_("Last name"),
        autocomplete="family-name",
        missing=_("Enter your last name."),
    )
    title = TitleField()
    birth_date = BirthDateField()


def _charter_link() -> str:
    return format_html(
        '<a href="{}" target="_blank">{}</a>',
        reverse("accounts:charter"),
        gettext("Read the charter and the data policy (new tab)"),
    )


class ResidenceForm(StepForm):
    """Step 3: what upper floors add (municipality, community), then the two consents."""

    def __init__(self, data: Any = None, *, silent: bool = False) -> None:
        super().__init__(data, silent=silent)
        self.extras = {extra: dict(extra.fields()) for extra in registration.extras()}
        for fields in self.extras.values():
            self.fields.update(fields)
        self.fields["charter"] = forms.BooleanField(
            label=_("I accept the charter and the data policy"),
            help_text=_charter_link(),
            error_messages={"required": _("Accept the charter and the data policy to register.")},
        )
        self.fields["news"] = forms.BooleanField(
            required=False,
            label=_("I would like to receive the service's news by e-mail"),
            help_text=_("You can change your mind at any time in your profile."),
        )

    def clean(self) -> dict[str, Any]:
        """Let each extra check its own fields."""
        cleaned = super().clean() or {}
        for extra, fields in self.extras.items():
            mine = {name: cleaned[name] for name in fields if name in cleaned}
            try:
                cleaned.update(extra.clean(mine))
            except forms.ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def cleaned_for(self, extra: registration.RegistrationExtra) -> dict[str, Any] | None:
        """Return an extra's own values, or ``None`` when one of its fields is not right."""
        names = tuple(self.extras[extra])
        if any(name in self.errors for name in names):
            return None
        return {name: self.cleaned_data.get(name) for name in names}
