"""« Mon profil »: what we hold, and every way to change it, take it away or end it."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import inventory, registration, rules
from core.accounts.access import signed_in
from core.accounts.errors import ConsentNotHeldError, LastAdministratorError
from core.accounts.limits import allowed
from core.accounts.models import Account, AccountSettings, Consent
from core.accounts.services import account_delete, consent_give, consent_withdraw
from core.accounts.site.errors import too_many_requests
from core.accounts.site.forms import OwnPasswordForm, ProfileForm
from core.shell.explained import EXPLAINED
from tenants.context import current_tenant_or_none


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """What we hold about the person, in sections."""
    account = signed_in(request)
    summaries: dict[str, str] = {}
    for extra in registration.profile_extras():
        summaries.update(extra.summary(account))
    consents = list(account.consents.order_by("-given_at", "-pk"))
    return render(
        request,
        "accounts/profile.html",
        {
            "account": account,
            "phone": rules.phone_for_people(account.phone),
            "summaries": summaries,
            "charter": next((c for c in consents if c.kind == Consent.Kind.CHARTER), None),
            "news": next((c for c in consents if c.kind == Consent.Kind.NEWS), None),
            "history": consents,
            "roles": [row.get_role_display() for row in account.roles.all()],
            "is_member": current_tenant_or_none() is not None,
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Change name, title, telephone, municipality, language of mails."""
    account = Account.objects.get(pk=signed_in(request).pk)  # a refused form leaves ours as it was
    form = ProfileForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile_edit.html", {"form": form})


@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Give or withdraw the consent to news; the charter ends with the account only."""
    account = signed_in(request)
    if request.POST.get("action") == "give":
        consent_give(account=account, kind=Consent.Kind.NEWS)
        messages.success(request, _("You will receive the service's news."))
    else:
        with contextlib.suppress(ConsentNotHeldError):  # asked twice: it is as they want it
            consent_withdraw(account=account, kind=Consent.Kind.NEWS)
        messages.success(request, _("You will no longer receive the service's news."))
    return redirect("accounts:profile")


@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything that every floor holds about the person, as a JSON file."""
    if not allowed(request, "export"):
        return too_many_requests(request)
    tenant = current_tenant_or_none()
    now: datetime = timezone.localtime()
    content: dict[str, Any] = {
        "region": tenant.name if tenant else "Passerelle",
        "exported_at": now.isoformat(),
        "data": inventory.export(signed_in(request)),
    }
    response = JsonResponse(content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    name = f"{tenant.slug if tenant else 'passerelle'}-{now:%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account: says first what goes, asks for the password, then does it."""
    account = signed_in(request)
    posted = request.method == "POST"
    if posted and not allowed(request, "confirm_password"):
        return too_many_requests(request)
    form = OwnPasswordForm(request.POST if posted else None, account=account)
    if posted and form.is_valid():
        try:
            account_delete(account=account)
        except LastAdministratorError as error:
            form.add_error(None, str(error.message))
        else:
            logout(request)
            messages.success(request, _("Your account is deleted. Goodbye!"))
            return redirect("/")
    return render(
        request, "accounts/delete.html", {"form": form, "goes": inventory.summary(account)}
    )


@login_not_required
@require_safe
def charter(request: HttpRequest) -> HttpResponse:
    """The charter and the data policy that registration asks to accept."""
    settings_here = AccountSettings.current() if current_tenant_or_none() else AccountSettings()
    context = {
        "version": settings_here.charter_version,
        "panels": EXPLAINED.rendered(request, "charter"),
    }
    return render(request, "accounts/charter.html", context)
