"""« Double authentification »: setting it up, its recovery codes, and the code at sign-in."""

from __future__ import annotations

from typing import cast

import segno
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.limits import allowed
from core.accounts.models import Account
from core.accounts.second_factor import (
    has_second_factor,
    is_required_of,
    recovery_codes,
    recovery_codes_renew,
    second_factor_remove,
    second_factor_set,
)
from core.accounts.site.errors import too_many_requests
from core.accounts.site.forms import OwnPasswordForm
from core.shell.theme import theme_of
from tenants.errors import PasserelleError

SHOWN_KEY = "second_factor_codes"


def _code_field(help_text: str) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Code of the application"),
        max_length=20,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SetUpForm(ActivateTOTPForm):
    """The first code, which shows that the application has the key."""

    code = _code_field(gettext_lazy("Six digits, new every thirty seconds."))  # type: ignore[arg-type]


class SignInCodeForm(AuthenticateForm):
    """A code of the application, or a recovery code."""

    code = _code_field(gettext_lazy("Or one of your recovery codes."))  # type: ignore[arg-type]


def _account(request: HttpRequest) -> Account:
    return cast(Account, request.user)  # LoginRequiredMiddleware: nobody else comes here


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set it up; or see what is left of the recovery codes, renew them, give it up."""
    account = _account(request)
    if request.method == "POST" and not allowed(request, "confirm_password"):
        return too_many_requests(request)
    if has_second_factor(account):
        return _manage(request, account)
    # A bound form keeps the key that the page has shown.
    form = SetUpForm(request.POST if request.method == "POST" else None, user=account)
    if request.method == "POST" and form.is_valid():
        request.session[SHOWN_KEY] = second_factor_set(account=account, secret=form.secret)
        messages.success(request, _("Signing in asks for a code from now on."))
        return redirect("accounts:second-factor")
    name = theme_of(request).name
    key = urlencode({"secret": form.secret, "issuer": name})
    address = f"otpauth://totp/{name}:{account.email}?{key}".replace(" ", "%20")
    return render(
        request,
        "accounts/second_factor.html",
        {
            "form": form,
            "secret": " ".join(form.secret[i : i + 4] for i in range(0, len(form.secret), 4)),
            "qr": segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#fff"),
            "required": is_required_of(account),
        },
    )


def _manage(request: HttpRequest, account: Account) -> HttpResponse:
    posted = request.method == "POST"
    form = OwnPasswordForm(request.POST if posted else None, account=account)
    if posted and form.is_valid():
        try:
            if "renew" in request.POST:
                request.session[SHOWN_KEY] = recovery_codes_renew(account=account)
            else:
                second_factor_remove(account=account)
                messages.success(request, _("Signing in no longer asks for a code."))
        except PasserelleError as refused:
            form.add_error(None, str(refused.message))
        else:
            return redirect("accounts:second-factor")
    return render(
        request,
        "accounts/second_factor_on.html",
        {
            "form": form,
            # Shown once, just after they were made.
            "codes": request.session.pop(SHOWN_KEY, []),
            "left": len(recovery_codes(account)),
            "required": is_required_of(account),
        },
    )


@method_decorator(login_not_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class SignInCodeView(AuthenticateView):
    """The code, after the password."""

    form_class = SignInCodeForm
    template_name = "accounts/sign_in_code.html"

    def get_form_class(self) -> type[SignInCodeForm]:
        """Ours."""
        return SignInCodeForm


sign_in_code = require_http_methods(["GET", "HEAD", "POST"])(SignInCodeView.as_view())
