"""« Conventions »: the region's own agreements, proposed, signed, suspended, resumed, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regions.agreements import access, services
from regions.agreements.console.forms import ProposalForm, TermsForm
from regions.agreements.errors import AgreementError
from regions.agreements.models import Agreement, Field
from regions.agreements.queries import (
    agreement_of_region,
    agreements_of_region,
    awaits,
    overlaps,
    territory_words,
)
from regions.agreements.words import pooled_words, told
from tenants.context import current_tenant


@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """The region's agreements: those to sign, those in force, the others."""
    access.require_manager(request.user)
    lines = [_shown(agreement) for agreement in agreements_of_region()]
    return render(request, "agreements/console_list.html", {"lines": lines})


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One agreement: what it says, where it stands, what was done, what may be done."""
    agreement = access.get_agreement_for(request.user, public_id)
    return render(request, "agreements/console_detail.html", _detail(agreement))


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a new agreement."""
    actor = access.require_manager(request.user)
    form = ProposalForm(request.POST or None)
    if form.is_valid():
        try:
            agreement = services.agreement_propose(
                actor=actor, terms=form.terms(), partners=form.cleaned_data["partners"]
            )
        except AgreementError as refused:
            form.add_errors(refused.fields)
        else:
            messages.success(request, _("The agreement is proposed: the others can sign it now."))
            return redirect("agreements:detail", agreement.public_id)
    context = {"form": form, "agreement": None}
    return render(
        request, "agreements/console_form.html", context, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Propose another version; an agreement in force is ended and proposed anew instead."""
    actor = access.require_manager(request.user)
    agreement = access.get_agreement_for(request.user, public_id)
    form = TermsForm.of(agreement, request.POST or None)
    if form.is_valid():
        try:
            services.agreement_amend(agreement=agreement, actor=actor, terms=form.terms())
        except AgreementError as refused:
            form.add_errors(refused.fields or {"": refused.message})
        else:
            messages.success(request, _("This version is proposed: all regions sign it anew."))
            return redirect("agreements:detail", agreement.public_id)
    context = {"form": form, "agreement": agreement}
    return render(
        request, "agreements/console_form.html", context, status=422 if form.is_bound else 200
    )


@require_POST
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sign the version that the page showed."""
    text = request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdecimal() else 0
    return _act(request, public_id, services.agreement_sign, _signed_words, version=version)


def _signed_words(agreement: Agreement) -> str:
    if agreement.state != Agreement.State.IN_FORCE:
        return _("Your region has signed: others have not yet.")
    if agreement.stage == Agreement.Stage.UPCOMING:
        return _("Every region has signed: the agreement is in force from its first day on.")
    return _("Every region has signed: the agreement is in force.")


@require_POST
def suspend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Suspend it at once."""
    words = _("The agreement is suspended: nothing circulates under it any more.")
    note = request.POST.get("note", "")
    return _act(request, public_id, services.agreement_suspend, words, note=note)


@require_POST
def resume(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the region's own suspension back."""
    words = _("Your region no longer suspends the agreement.")
    return _act(request, public_id, services.agreement_resume, words)


@require_POST
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End it; one that is only proposed, decline it or take one's own proposal back."""
    note = request.POST.get("note", "")
    return _act(request, public_id, services.agreement_end, _ended_words, note=note)


def _ended_words(agreement: Agreement) -> str:
    found = agreement_of_region(agreement.public_id)
    stage = found.stage if found is not None else None
    if stage == Agreement.Stage.DECLINED:
        return _("The agreement is declined: it has never been in force.")
    if stage == Agreement.Stage.WITHDRAWN:
        return _("The proposal is withdrawn: the agreement has never been in force.")
    return _("The agreement is ended.")


def _act(
    request: HttpRequest,
    public_id: UUID,
    service: Callable[..., Agreement],
    words: str | Callable[[Agreement], str],
    **said: Any,
) -> HttpResponse:
    actor = access.require_manager(request.user)
    agreement = access.get_agreement_for(request.user, public_id)
    try:
        done = service(agreement=agreement, actor=actor, **said)
    except AgreementError as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, words if isinstance(words, str) else words(done))
    return redirect("agreements:detail", agreement.public_id)


def _shown(agreement: Agreement) -> dict[str, Any]:
    """An agreement in words."""
    ours = next(one for one in agreement.parties.all() if one.tenant_id == current_tenant().pk)
    return {
        "agreement": agreement,
        "ours": ours,
        "others": [one for one in agreement.parties.all() if one != ours],
        "pools": pooled_words(agreement.pools),
        "to_sign": awaits(agreement, current_tenant()),
        "is_author": agreement.author_id == current_tenant().pk,
    }


def _detail(agreement: Agreement) -> dict[str, Any]:
    return {
        **_shown(agreement),
        **told(agreement),
        "overlaps": [
            {
                "one": one,
                "pools": pooled_words(one.pools, inside=True),
                "fields": [Field(name).label for name in one.fields],
                "left_out": [Field(name).label for name in one.left_out],
                "territory": None if one.departments is None else territory_words(one.departments),
            }
            for one in overlaps(agreement)
        ],
    }
