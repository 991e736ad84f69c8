"""« Utilisateurs »: who is in the region, one person's page, suspension, roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import access, registration, rules, territories
from core.accounts.console.forms import RoleForm, SuspensionForm
from core.accounts.console.tables import PEOPLE, prepare_people
from core.accounts.models import Account
from core.accounts.sections import sections
from core.accounts.services import (
    account_restore,
    account_suspend,
    role_grant,
    role_revoke,
)
from core.audit import queries as history
from core.audit.services import record
from core.shell.exports import asked_format, file_of
from tenants.context import current_tenant
from tenants.errors import PasserelleError

HISTORY_ROWS = 20


@require_safe
def people(request: HttpRequest) -> HttpResponseBase:
    """The list of the people whom the administrator looks after, or its file."""
    actor = access.signed_in(request)
    if access.manages_people(actor) is None:
        raise Http404("No console.")
    rows = access.people_managed_by(actor)
    if asked := asked_format(request):
        record(
            actor=actor,
            action="accounts.exported",
            kind="region",
            object_id=current_tenant().pk,
            changes={"format": ("", asked)},
        )
        return file_of(PEOPLE, request, rows, prepare=prepare_people, name="utilisateurs")
    table = PEOPLE.view(request, rows, prepare=prepare_people)
    return render(request, "accounts/console_people.html", {"table": table})


@require_safe
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One person: what they are and do here, never what they write."""
    subject = access.get_person_for(access.signed_in(request), public_id)
    return _page(request, subject)


def _page(
    request: HttpRequest,
    subject: Account,
    *,
    suspension: SuspensionForm | None = None,
    role: RoleForm | None = None,
) -> HttpResponse:
    modules = current_tenant().modules
    summaries: dict[str, str] = {}
    for extra in registration.profile_extras():
        summaries.update(extra.summary(subject))
    about = history.entries_about(subject)[:HISTORY_ROWS]
    refused = any(form is not None and form.errors for form in (suspension, role))
    context: dict[str, Any] = {
        "subject": subject,
        "phone": rules.phone_for_people(subject.phone),
        "verified": access.has_verified_email(subject),
        "summaries": summaries,
        "consents": subject.consents.order_by("-given_at", "-pk"),
        "held": [
            (row, territories.names_of(row.territories)) for row in subject.roles.order_by("pk")
        ],
        "sections": [
            (section, section.rows(subject))
            for section in sections
            if not section.module or section.module in modules
        ],
        "lines": [history.line_of(entry) for entry in about],
        "may_give_roles": access.is_administrator(request.user),
        "is_self": subject.pk == request.user.pk,
        "suspension": suspension or SuspensionForm(),
        "role_form": role or RoleForm(),
    }
    status = 422 if refused else 200
    return render(request, "accounts/console_person.html", context, status=status)


@require_POST
def suspend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Suspendre »: they cannot sign in, and nobody sees them or their adverts."""
    actor = access.signed_in(request)
    subject = access.get_person_for(actor, public_id)
    form = SuspensionForm(request.POST)
    if form.is_valid():
        try:
            account_suspend(account=subject, by=actor, reason=form.cleaned_data["reason"])
        except PasserelleError as refused:
            form.add_error(None, str(refused.message))
        else:
            messages.success(request, _("%(name)s is suspended.") % {"name": subject.full_name})
            return redirect("accounts-console:person", public_id=public_id)
    return _page(request, subject, suspension=form)


@require_POST
def restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Rétablir »."""
    actor = access.signed_in(request)
    subject = access.get_person_for(actor, public_id)
    account_restore(account=subject, by=actor)
    messages.success(request, _("%(name)s can sign in again.") % {"name": subject.full_name})
    return redirect("accounts-console:person", public_id=public_id)


@require_http_methods(["POST"])
def roles(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a role, or take one back; for who administers the whole region."""
    actor = access.signed_in(request)
    if not access.is_administrator(actor):
        raise Http404("Not for this role.")
    subject = access.get_person_for(actor, public_id)
    form = RoleForm(request.POST)
    try:
        if revoked := request.POST.get("revoke"):
            role_revoke(account=subject, role=revoked, by=actor)
        elif form.is_valid():
            told = form.cleaned_data
            role_grant(
                account=subject, role=told["role"], territories=told["territories"], by=actor
            )
        else:
            return _page(request, subject, role=form)
    except PasserelleError as refused:
        form.add_error(None, str(refused.message))
        return _page(request, subject, role=form)
    messages.success(request, _("The roles of %(name)s are saved.") % {"name": subject.full_name})
    return redirect("accounts-console:person", public_id=public_id)
