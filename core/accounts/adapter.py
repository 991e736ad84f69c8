"""Where django-allauth asks us: codes, mails, messages, redirections, suspended people."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts import addresses
from core.accounts.codes import make_code
from core.accounts.models import Account
from core.notifications.hosts import site_url
from core.notifications.services import mail_send
from tenants import signing
from tenants.context import current_tenant_or_none

# allauth's mails by ours. A mail that is not here is not sent.
_MAILS = {
    "account/email/email_confirmation": "accounts/mails/code",
    "account/email/email_confirmation_signup": "accounts/mails/code",
    "account/email/password_reset_code": "accounts/mails/password_code",
    "account/email/unknown_account": "accounts/mails/unknown_account",
    "account/email/account_already_exists": "accounts/mails/account_exists",
    "account/email/password_changed": "accounts/mails/password_changed",
    "account/email/password_reset": "accounts/mails/password_changed",
    "account/email/email_changed": "accounts/mails/email_changed",
}
# allauth's messages by ours; its others (« Connexion avec … réussie ») say nothing useful.
_MESSAGES: dict[str, str | Promise] = {
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/email_confirmed.txt": _("Your address is confirmed."),
    "account/messages/email_confirmation_failed.txt": _("This address already has an account."),
}
_SEALED_FOR = "second-factor"
_TOO_MANY = _("Too many attempts. Wait ten minutes and try again.")


def display_name(user: Account) -> str:
    """Return the name that others see."""
    return user.display_name


class AccountAdapter(DefaultAccountAdapter):
    """One region's (or the platform's) way of signing people in."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and this password do not match."),
        "duplicate_email": _("This is already your address."),
        "email_taken": _("This address already has an account."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right. Check the last mail that we sent you."),
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _("Too many attempts. Try again in a few minutes."),
        "same_as_current": _("This is already your address."),
    }

    # --- codes ----------------------------------------------------------------------------------
    def generate_email_verification_code(self) -> str:
        """Return six random digits."""
        return make_code()

    def generate_password_reset_code(self) -> str:
        """Return six random digits."""
        return make_code()

    # --- addresses ------------------------------------------------------------------------------
    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Confirm an address, and let the floors above look again at what follows from it."""
        with transaction.atomic():
            confirmed: bool = super().confirm_email(request, email_address)
            if confirmed and current_tenant_or_none() is not None:
                addresses.verified(email_address.user)
        return confirmed

    # --- mails and messages -----------------------------------------------------------------------
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send our mail of that name, with addresses from the stored hosts only."""
        template = _MAILS.get(template_prefix)
        if template is None:
            return
        plain = {key: value for key, value in context.items() if isinstance(value, str)}
        for name in ("password_reset_url", "signup_url", "user_agent", "ip"):
            plain.pop(name, None)  # built from the request, or nobody's business
        reset, sign_in = reverse("account_reset_password"), reverse("account_login")
        mail_send(
            template=template,
            to=email,
            context={**plain, "reset_url": site_url(reset), "sign_in_url": site_url(sign_in)},
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Show our message of that name, or the text given; nothing for the rest."""
        text = message or _MESSAGES.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    # --- signing in -------------------------------------------------------------------------------
    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the account of right credentials; a suspended one answers like a wrong password.

        allauth's own method gives the suspended person back, to tell them; so it would tell
        anyone who guesses.
        """
        self.pre_authenticate(request, **credentials)
        user: AbstractBaseUser | None = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if user is None:
            self.authentication_failed(request, **credentials)
        else:
            self._rollback_login_failed_rl_usage()
        return user

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Answer someone suspended in the middle of signing in: the sign-in page, no reason."""
        return HttpResponseRedirect(reverse("account_login"))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People register on a region's site: not on its console host, not on the platform."""
        on_site = getattr(request, "urlconf", settings.ROOT_URLCONF) == settings.ROOT_URLCONF
        return on_site and getattr(request, "tenant", None) is not None

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages answer with pages; programs have the API."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only paths of this very host: a sign-in never sends people elsewhere."""
        return url.startswith("/") and super().is_safe_url(url)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the profile."""
        return reverse("accounts:profile")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """Go back to the profile."""
        return reverse("accounts:profile")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of applications and seeds of recovery codes, stored so that only we can read them.

    A copy of the tables alone gives no code, and a row of one region is nothing in another.
    """

    def encrypt(self, text: str) -> str:
        """Return what is stored."""
        return signing.seal(text, purpose=_SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; raise ``InvalidTokenError`` for another region's."""
        return signing.unseal(encrypted_text, purpose=_SEALED_FOR)
