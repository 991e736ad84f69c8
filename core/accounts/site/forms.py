"""Forms of sign-in, of the forgotten password, and of the profile."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmPasswordResetCodeForm,
    LoginForm,
    ResetPasswordForm,
)
from allauth.account.internal.flows.password_reset import reset_password
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.accounts import registration
from core.accounts.models import Account
from core.accounts.services import AccountChanges, account_update
from core.accounts.site.fields import (
    CodeField,
    EmailField,
    NameField,
    NewPasswordField,
    PhoneField,
    TitleField,
    autofocus,
)
from core.accounts.site.widgets import PasswordInput
from core.shell.menu import is_console


def _password_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        widget=PasswordInput(),
        error_messages={"required": _("Enter your password.")},
    )


class SignInForm(LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"login": EmailField(), "password": _password_field(_("Password"))}
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        if self.request is not None and is_console(self.request):
            # The words of the guides that référents have in hand.
            self.fields["login"].label = _("Identifier (your e-mail address)")
        autofocus(self, ["login"])


class ForgottenPasswordForm(ResetPasswordForm):
    """The address to which a code is sent."""

    email = EmailField()


class ResetCodeForm(ConfirmPasswordResetCodeForm):
    """The code that was sent."""

    code = CodeField()


class NewPasswordForm(forms.Form):
    """The new password, once the code was right. Takes what allauth's view gives its own form."""

    password = NewPasswordField(label=_("New password"))

    def __init__(
        self, *args: Any, user: Account, temp_key: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Check the rules for this very person."""
        password: str = self.cleaned_data["password"]
        field = self.fields["password"]
        assert isinstance(field, NewPasswordField)
        field.check(password, self.user)
        return password

    def save(self) -> None:
        """Set the password; open sessions elsewhere end."""
        reset_password(self.user, self.cleaned_data["password"])


class PasswordChangeForm(ChangePasswordForm):
    """The current password, then the new one, once: a button shows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields: dict[str, forms.Field] = {
            "oldpassword": _password_field(_("Current password")),
            "password1": NewPasswordField(label=_("New password")),
        }

    def clean_password1(self) -> str:
        """Check the rules for this very person."""
        password: str = self.cleaned_data["password1"]
        field = self.fields["password1"]
        assert isinstance(field, NewPasswordField)
        field.check(password, self.user)
        return password


class OwnPasswordForm(forms.Form):
    """Asks who is at the keyboard again, before something that cannot be undone."""

    password = _password_field(_("Your password"))

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        password: str = self.cleaned_data["password"]
        if not self.account.check_password(password):
            raise forms.ValidationError(_("This is not your current password."), code="wrong")
        return password


class EmailChangeForm(AddEmailForm):
    """The new address, and the password: a borrowed telephone must not move an account."""

    email = EmailField(label=_("New email"))
    password = _password_field(_("Your password"))

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your current password."), code="wrong")
        return password


class EmailCodeForm(ConfirmEmailVerificationCodeForm):
    """The code that was sent to the new address."""

    code = CodeField()


class CodeForm(forms.Form):
    """The code of a registration."""

    code = CodeField()


class OtherEmailForm(forms.Form):
    """Another address for a registration whose code went to the wrong one."""

    email = EmailField(label=_("Other email"))


class ProfileForm(forms.Form):
    """What a person changes of themself, with what upper floors add (the municipality)."""

    first_name = NameField(
        label=_("First name"), autocomplete="given-name", missing=_("Enter your first name.")
    )
    last_name = NameField(
        label=_("Last name"), autocomplete="family-name", missing=_("Enter your last name.")
    )
    title = TitleField()
    phone = PhoneField()
    language = forms.ChoiceField(
        label=_("Language of our e-mails"), choices=lambda: settings.LANGUAGES
    )

    def __init__(self, data: Any = None, *, account: Account) -> None:
        self.account = account
        self.extras = {extra: dict(extra.fields()) for extra in registration.profile_extras()}
        initial = {
            name: getattr(account, name) for name in ("first_name", "last_name", "title", "phone")
        }
        initial["language"] = account.language or settings.LANGUAGE_CODE
        for extra in self.extras:
            initial.update(extra.initial(account))
        super().__init__(data, initial=initial)
        for fields in self.extras.values():
            self.fields.update(fields)
        self.order_fields(
            ["first_name", "last_name", "title", "phone", *self._extra_names(), "language"]
        )
        if account.is_platform_operator:
            for name in ("title", "phone"):
                self.fields[name].required = False

    def _extra_names(self) -> list[str]:
        return [name for fields in self.extras.values() for name in fields]

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

    def save(self) -> None:
        """Write the changes: ours, then each extra's."""
        changes: AccountChanges = {
            "first_name": self.cleaned_data["first_name"],
            "last_name": self.cleaned_data["last_name"],
            "title": self.cleaned_data["title"],
            "phone": self.cleaned_data["phone"],
            "language": self.cleaned_data["language"],
        }
        account_update(account=self.account, **changes)
        for extra, fields in self.extras.items():
            extra.update(
                account=self.account,
                cleaned={name: self.cleaned_data.get(name) for name in fields},
            )
