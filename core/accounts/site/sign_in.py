"""Sign-in, sign-out, passwords, change of address: allauth's views, our pages, our limits."""

from __future__ import annotations

from typing import Any, cast

from allauth.account import views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.adapter import AccountAdapter
from core.accounts.limits import allowed
from core.accounts.models import Account
from core.accounts.site import forms
from core.accounts.site.errors import too_many_requests


class SignInView(views.LoginView):
    """« Se connecter »."""

    form_class = forms.SignInForm
    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether people may register on this host."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["may_register"] = AccountAdapter().is_open_for_signup(self.request)
        return context

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the form again; 429 to someone who tried too often."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = 429
        return response


class SignOutView(views.LogoutView):
    """« Se déconnecter »: a POST; a GET asks for confirmation."""

    template_name = "accounts/sign_out.html"


@method_decorator(never_cache, name="dispatch")
class ForgottenPasswordView(views.PasswordResetView):
    """« Mot de passe oublié », first page: the address."""

    form_class = forms.ForgottenPasswordForm
    template_name = "accounts/password_forgotten.html"


@method_decorator(login_not_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class ResetCodeView(views.ConfirmPasswordResetCodeView):
    """« Mot de passe oublié », second page: the code. Same page for an address without account."""

    form_class = forms.ResetCodeForm
    template_name = "accounts/password_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Try the code, within limits that parallel requests share."""
        if not allowed(request, "verify_code", key=self._process.state["email"]):
            return too_many_requests(request)
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        return response

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Count the failure; after the last, begin again from the address."""
        if form.has_error("code", "code_length") or self._process.record_invalid_attempt():
            again: HttpResponse = self.render_to_response(self.get_context_data(form=form))
            return again
        messages.error(self.request, _("Too many wrong codes. Ask for a new one to go on."))
        return HttpResponseRedirect(reverse("account_reset_password"))


@method_decorator(login_not_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class NewPasswordView(views.CompletePasswordResetView):
    """« Mot de passe oublié », last page: the new password; then signed in."""

    form_class = forms.NewPasswordForm
    template_name = "accounts/password_new.html"


class PasswordChangeView(views.PasswordChangeView):
    """« Changer mon mot de passe »."""

    form_class = forms.PasswordChangeForm
    template_name = "accounts/password_change.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send someone without a password to the code that lets them choose one."""
        if not cast(Account, request.user).has_usable_password():
            return redirect("account_reset_password")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class EmailChangeView(views.EmailView):
    """« Changer mon adresse »: nothing changes before the new address is proven by a code."""

    form_class = forms.EmailChangeForm
    template_name = "accounts/email_change.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Accept the one action that we offer; one address per account, nothing to manage."""
        form = self.get_form()
        answer = self.form_valid if form.is_valid() else self.form_invalid
        response: HttpResponse = answer(form)
        return response


@method_decorator(login_not_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class EmailCodeView(views.ConfirmEmailVerificationCodeView):
    """The code sent to a new address (or to an operator's, at the first sign-in)."""

    form_class = forms.EmailCodeForm
    template_name = "accounts/email_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Try the code or send another, within limits that parallel requests share."""
        if not allowed(request, "verify_code", key=self._process.state["email"]):
            return too_many_requests(request)
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        return response

    def _verify_form_invalid(self, form: BaseForm) -> HttpResponse:
        if form.has_error("code", "code_length"):
            again: HttpResponse = self.render_to_response(self.get_context_data(form=form))
            return again
        response: HttpResponse = super()._verify_form_invalid(form)
        return response


# Django's form views would take a PUT for a POST.
_page = require_http_methods(["GET", "HEAD", "POST"])

sign_in = _page(SignInView.as_view())
sign_out = _page(SignOutView.as_view())
forgotten_password = _page(ForgottenPasswordView.as_view())
reset_code = _page(ResetCodeView.as_view())
new_password = _page(NewPasswordView.as_view())
password_change = _page(PasswordChangeView.as_view())
email_change = _page(EmailChangeView.as_view())
email_code = _page(EmailCodeView.as_view())


@login_not_required
@require_safe
def after_reset(request: HttpRequest) -> HttpResponse:
    """Where allauth goes when a new password does not sign in (a person suspended meanwhile)."""
    return redirect("account_login")
