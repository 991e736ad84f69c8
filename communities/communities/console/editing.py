"""One community in the console: detail (PP-09), settings, history, deletion and its undoing."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.communities import access, blocks, panels
from communities.communities.console.forms import DeletionForm, DetailForm, SettingsForm
from communities.communities.console.pages import context_of
from communities.communities.ending import community_delete, community_restore
from communities.communities.identifiers import REASONS, identifiers_import
from communities.communities.models import AuthorisedIdentifier, Community, IdentifierImport
from communities.communities.services import community_change
from core.accounts.access import signed_in
from core.audit import queries as history_queries
from regions.onboarding.queries import region_current
from tenants.errors import PasserelleError

HISTORY_ROWS = 20


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """« Édition de la communauté », tab « Détail »; read only for those who may not change it."""
    account = signed_in(request)
    if request.method == "POST":
        community = access.get_administered_for(account, slug)
        form = DetailForm(request.POST, request.FILES, community=community)
        if "more" in request.POST or "look" in request.POST:
            form.look()
        elif form.is_valid():
            try:
                community_change(community=community, by=account, **form.told())
            except PasserelleError as refused:
                form.take(refused)
            else:
                messages.success(request, _("The community is saved."))
                return redirect("communities-console:edit", slug=slug)
    else:
        community = access.get_in_console_for(account, slug)
        form = DetailForm(community=community)
    return render(
        request,
        "communities/console_detail.html",
        {
            **context_of(request, community, "edit"),
            "form": form,
            "map": form.map(),
            "region_codes": region_current().region_codes,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """« Paramètres »: validation with what it needs, hidden flags, who runs it."""
    account = signed_in(request)
    community = access.get_administered_for(account, slug)
    posted = request.method == "POST"
    form = SettingsForm(
        request.POST if posted else None, request.FILES if posted else None, community=community
    )
    if posted and form.is_valid():
        try:
            changed = community_change(community=community, by=account, **form.told())
            if file := form.cleaned_data["identifiers"]:
                told = identifiers_import(
                    community=changed,
                    content=file.read(),
                    by=account,
                    replace=form.cleaned_data["replace"],
                )
                messages.success(request, _imported(told))
        except PasserelleError as refused:
            form.take(refused)
        else:
            messages.success(request, _("The settings are saved."))
            if changed.validation == Community.Validation.SECURED and not _identifiers(changed):
                messages.warning(
                    request, _("Nobody can join yet: add the file of authorised identifiers.")
                )
            return redirect("communities-console:settings", slug=slug)
    return render(
        request,
        "communities/console_settings.html",
        {
            **context_of(request, community, "settings"),
            "form": form,
            "identifiers": _identifiers(community).count(),
            "used": _identifiers(community).filter(used_at__isnull=False).count(),
            "last_import": _last_import(community),
        },
        status=422 if form.errors else 200,
    )


def _identifiers(community: Community) -> QuerySet[AuthorisedIdentifier]:
    return AuthorisedIdentifier.objects.filter(community=community)


def _imported(told: IdentifierImport) -> str:
    return ngettext("%(added)d identifier added.", "%(added)d identifiers added.", told.added) % {
        "added": told.added
    }


def _last_import(community: Community) -> dict[str, object] | None:
    last = (
        IdentifierImport.objects.filter(community=community)
        .select_related("imported_by")
        .order_by("-imported_at", "-pk")
        .first()
    )
    if last is None:
        return None
    refused = [(row, REASONS.get(code, code)) for row, code in last.refused[:20]]
    return {"row": last, "refused": refused, "refused_count": len(last.refused)}


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """« Historique »: who, when, what."""
    community = access.get_administered_for(request.user, slug)
    entries = history_queries.entries_of("community", community.pk)
    page = Paginator(entries, HISTORY_ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "communities/console_history.html",
        {
            **context_of(request, community, "history"),
            "page": page,
            "lines": [history_queries.line_of(entry) for entry in page.object_list],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """« Supprimer »: says what goes, then does it; undone within thirty days."""
    account = signed_in(request)
    community = access.get_administered_for(account, slug)
    form = DeletionForm(request.POST if request.method == "POST" else None, community=community)
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            community_delete(community=community, by=account, reason=form.cleaned_data["reason"])
        except PasserelleError as error:
            refused = error
            form.add_error(None, str(error.message))
    if request.method == "POST" and form.is_valid():
        # The form of that id is on every page of the console's list (see console_list.html).
        messages.success(
            request,
            format_html(
                '{} <button class="toast__action" type="submit" name="slug" value="{}" '
                'form="restore-community">{}</button>',
                _("“%(name)s” is deleted. You can bring it back for 30 days.")
                % {"name": community.name},
                community.slug,
                _("Bring it back"),
            ),
        )
        return redirect("communities-console:list")
    return render(
        request,
        "communities/console_delete.html",
        {
            **context_of(request, community, "edit"),
            "form": form,
            "panels": panels.panels(request, "console-delete", community),
            "goes": [
                (tab.block.label, tab.pages.count)
                for tab in blocks.tabs(request, community)
                if tab.block.name != "membres"
            ],
            "identifiers": AuthorisedIdentifier.objects.filter(community=community).count(),
        },
        status=refused.status if refused else 422 if form.errors else 200,
    )


@require_POST
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """« Rétablir » a deleted community."""
    account = signed_in(request)
    community = access.get_administered_for(account, slug)
    try:
        community_restore(community=community, by=account)
    except PasserelleError as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("“%(name)s” is back.") % {"name": community.name})
    return redirect("communities-console:edit", slug=slug)


@require_POST
def restore_chosen(request: HttpRequest) -> HttpResponse:
    """The same from the toast that follows a deletion."""
    return restore(request, slug=request.POST.get("slug", ""))
