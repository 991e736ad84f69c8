"""« S'inscrire » in three steps, then the code. Every page works without JavaScript."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.accounts.adapter import AccountAdapter
from core.accounts.codes import LIFE as CODE_LIFE
from core.accounts.codes import Verdict
from core.accounts.entries import WELCOME_KEY
from core.accounts.errors import EmailTakenError
from core.accounts.limits import allowed
from core.accounts.site.errors import too_many_requests
from core.accounts.site.forms import CodeForm, OtherEmailForm
from core.accounts.site.signup import LIFE, STEPS, Signup
from core.notifications.hosts import site_url

_URLS = {
    1: "account_signup",
    2: "accounts:register_identity",
    3: "accounts:register_residence",
    4: "accounts:register_code",
}


def step_labels() -> list[str]:
    """Return the names of the steps, for the progress indicator."""
    return [_("Sign-in details"), _("About you"), _("Your territory")]


def _elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Return where to send someone who cannot register here; ``None`` for everyone else."""
    if request.user.is_authenticated:
        return redirect("/")
    if not AccountAdapter().is_open_for_signup(request):
        if getattr(request, "tenant", None) is None:
            raise Http404  # operators of the platform are named, they do not register
        return redirect(site_url(reverse("account_signup")))
    return None


def _next_path(request: HttpRequest) -> str:
    path = request.GET.get("next", "")
    safe = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if safe else ""


def _step(request: HttpRequest, number: int) -> HttpResponse:
    if elsewhere := _elsewhere(request):
        return elsewhere
    signup = Signup(request)
    if request.method != "POST":
        if number == 1:
            signup.begin(_next_path(request))
        unfinished = signup.first_unfinished()
        if unfinished < number:
            return redirect(_URLS[unfinished])
        return _show(request, signup, number, signup.form(number, silent=True))
    if not allowed(request, "signup"):
        return too_many_requests(request)
    request.session.set_expiry(LIFE)  # an abandoned registration is soon forgotten
    form = signup.form(number, request.POST)
    if request.POST.get("go") == "previous" and number > 1:
        signup.remember(number, request.POST, form)
        return redirect(_URLS[number - 1])
    valid = form.is_valid()
    signup.remember(number, request.POST, form)
    if not valid:
        return _show(request, signup, number, form)
    unfinished = signup.first_unfinished()
    if number < STEPS or unfinished <= STEPS:
        return redirect(_URLS[min(number + 1, unfinished)])
    if not allowed(request, "signup_mail", key=signup.email):
        return too_many_requests(request)
    signup.submit()
    return redirect(_URLS[STEPS + 1])


def _show(request: HttpRequest, signup: Signup, number: int, form: BaseForm) -> HttpResponse:
    return render(
        request,
        "accounts/register.html",
        {
            "form": form,
            "step": number,
            "steps": step_labels(),
            "step_label": step_labels()[number - 1],
            "last": number == STEPS,
        },
    )


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def credentials(request: HttpRequest) -> HttpResponse:
    """Step 1: address, telephone, password."""
    return _step(request, 1)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """Step 2: first name, last name, title, date of birth."""
    return _step(request, 2)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def residence(request: HttpRequest) -> HttpResponse:
    """Step 3: municipality, community, consents, « Je m'inscris »."""
    return _step(request, 3)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponseBase:
    """The code that was mailed: try it, ask for another, or correct the address."""
    if elsewhere := _elsewhere(request):
        return elsewhere
    signup = Signup(request)
    unfinished = signup.first_unfinished()
    if unfinished <= STEPS or not signup.submitted:
        return redirect(_URLS[min(unfinished, STEPS)])
    if request.method != "POST":
        return _show_code(request, signup, CodeForm(), OtherEmailForm())
    action = request.POST.get("action", "verify")
    if action == "resend":
        return _send_again(request, signup)
    if action == "change":
        return _change_address(request, signup)
    return _verify(request, signup)


def _show_code(
    request: HttpRequest, signup: Signup, form: CodeForm, other: OtherEmailForm
) -> HttpResponse:
    return render(
        request,
        "accounts/register_code.html",
        {
            "form": form,
            "other_form": other,
            "email": signup.email,
            "may_send": signup.code.may_send,
            "minutes": CODE_LIFE // 60,
        },
    )


def _send_again(request: HttpRequest, signup: Signup) -> HttpResponse:
    if not signup.code.may_send:
        messages.error(request, _("We have sent several codes already. Begin again in two hours."))
    elif not allowed(request, "signup_mail", key=signup.email):
        return too_many_requests(request)
    else:
        signup.send_code()
        messages.success(request, _("A new code is on its way. The former one no longer works."))
    return redirect(_URLS[STEPS + 1])


def _change_address(request: HttpRequest, signup: Signup) -> HttpResponse:
    other = OtherEmailForm(request.POST)
    if not other.is_valid():
        return _show_code(request, signup, CodeForm(), other)
    if not signup.code.may_send:
        return _send_again(request, signup)
    email = other.cleaned_data["email"]
    if not allowed(request, "signup_mail", key=email):
        return too_many_requests(request)
    signup.change_email(email)
    return _send_again_to_new(request, signup)


def _send_again_to_new(request: HttpRequest, signup: Signup) -> HttpResponse:
    signup.send_code()
    messages.success(request, _("The code is on its way to your other address."))
    return redirect(_URLS[STEPS + 1])


def _verify(request: HttpRequest, signup: Signup) -> HttpResponseBase:
    if not allowed(request, "verify_code", key=signup.email):
        return too_many_requests(request)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _show_code(request, signup, form, OtherEmailForm())
    verdict = signup.check(form.cleaned_data["code"])
    if verdict is Verdict.RIGHT:
        return _finish(request, signup)
    form.add_error(
        "code",
        _("This code is not right. Check the last mail that we sent you.")
        if verdict is Verdict.WRONG
        else _("This code no longer works. Ask for a new one."),
    )
    return _show_code(request, signup, form, OtherEmailForm())


def _finish(request: HttpRequest, signup: Signup) -> HttpResponseBase:
    try:
        account, skipped = signup.complete()
    except EmailTakenError as error:
        signup.forget()
        messages.error(request, str(error.message))
        return redirect("account_login")
    next_path = signup.next
    signup.forget()
    request.session.set_expiry(None)
    response: HttpResponseBase = perform_login(
        request, account, redirect_url=next_path or "/", signup=True, email=account.email
    )
    if next_path:
        messages.success(
            request,
            _("Welcome, %(name)s! Your account is ready.") % {"name": account.first_name},
        )
    else:
        request.session[WELCOME_KEY] = True  # a banner on the home page, once
    if skipped:
        messages.warning(
            request,
            _("A choice of the last step could not be kept. Make it again from your profile."),
        )
    return response
