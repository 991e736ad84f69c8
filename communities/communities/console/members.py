"""« Membres » of a community in the console (PP-16, PP-17)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.communities import access, blocks
from communities.communities.console.forms import MemberForm, ReasonForm
from communities.communities.console.member_table import (
    members_listed,
    members_table,
    prepare_members,
)
from communities.communities.console.pages import context_of
from communities.communities.errors import CommunityDeletedError, UndoTooLateError
from communities.communities.inviting import person_bring
from communities.communities.memberships import (
    membership_accept,
    membership_refuse,
    membership_remove,
    membership_role_set,
    membership_wait,
)
from communities.communities.models import Community, Membership
from communities.communities.undoing import memberships_undo
from core.accounts.access import signed_in
from core.accounts.limits import allowed
from core.accounts.models import Account
from core.accounts.site.errors import too_many_requests
from core.audit.queries import entries_of_batch
from core.audit.services import record
from core.shell.exports import asked_format, file_of
from tenants.errors import PasserelleError

MOST: Final = 200
"""Rows that one click changes, at most: a page has a hundred."""
UNDO: Final = "undo"
"""Mark of a message whose toast offers to undo for ten seconds."""


@require_safe
def member_list(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The list, or its file."""
    community = access.get_administered_for(request.user, slug)
    table, rows = members_table(), members_listed(community)
    prepare = partial(prepare_members, community=community)
    if asked := asked_format(request):
        record(
            actor=signed_in(request),
            action="community.exported",
            kind="community",
            object_id=community.pk,
            label=community.name,
            changes={"format": ("", asked)},
        )
        return file_of(table, request, rows, prepare=prepare, name=f"membres-{community.slug}")
    action = reverse("communities-console:members-change", args=[slug])
    return render(
        request,
        "communities/console_members.html",
        {
            **context_of(request, community, "members"),
            "table": table.view(request, rows, prepare=prepare, action=action),
            "actions": blocks.console_actions(request, community),
        },
    )


def _back(request: HttpRequest, community: Community) -> HttpResponse:
    """Return to the list as it was: only an address of this very list."""
    listed = reverse("communities-console:members", args=[community.slug])
    wanted = request.POST.get("next", "")
    return redirect(wanted if wanted.partition("?")[0] == listed else listed)


def _in_the_list(request: HttpRequest, community: Community) -> QuerySet[Membership]:
    """Return everybody whom the list holds as the person sees it: searched, filtered."""
    asked = QueryDict(request.POST.get("next", "").partition("?")[2])
    return members_table().rows(asked, members_listed(community))


Act = Callable[[Membership], Any]


def _stand(standing: str, by: Account, batch: uuid.UUID, reason: str = "") -> Act | None:
    """Return what brings somebody to a « Statut »; None for an unknown one."""
    acts: dict[str, Act] = {
        "member": lambda one: membership_role_set(
            membership=one, role="member", by=by, batch=batch
        ),
        "moderator": lambda one: membership_role_set(
            membership=one, role="moderator", by=by, batch=batch
        ),
        "accept": lambda one: membership_accept(membership=one, by=by, batch=batch),
        "pending": lambda one: membership_wait(membership=one, by=by, batch=batch),
        "refused": lambda one: membership_refuse(membership=one, by=by, reason=reason, batch=batch),
        "remove": lambda one: membership_remove(membership=one, by=by, batch=batch),
    }
    return acts.get(standing)


def _chosen(request: HttpRequest, community: Community, keys: list[str]) -> list[Membership]:
    numbers = [int(key) for key in keys[:MOST] if key.isdecimal() and len(key) < 19]
    rows = Membership.objects.filter(community=community, pk__in=numbers)
    return list(
        rows.exclude(status=Membership.Status.LEFT).select_related("account").order_by("pk")
    )


@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """One form for the whole list: the disk of a row, « Retirer », and the bar of actions."""
    community = access.get_administered_for(request.user, slug)
    account = signed_in(request)
    post = request.POST
    whole = blocks.whole_list()
    if whole is not None and "everyone" in post and "bulk" in post:
        return whole.begin(request, community, _in_the_list(request, community))
    keys, standing = post.getlist("row"), post.get("bulk", "")
    single = (("save", ""), ("accept", "accept"), ("refuse", "refused"), ("remove", "remove"))
    for button, act in single:
        if button in post:
            keys = [post[button]]
            standing = act or post.get(f"statut-{post[button]}", "")
    rows = _chosen(request, community, keys)
    if not rows:
        messages.warning(request, _("Choose at least one person first."))
        return _back(request, community)
    if standing == "refused" and "save" not in post and "confirmed" not in post:
        return _ask_why(request, community, rows)
    batch = uuid.uuid4()
    act_on = _stand(standing, account, batch, post.get("reason", ""))
    if act_on is None:
        messages.warning(request, _("Choose a status first."))
        return _back(request, community)
    done, refused = [], []
    for one in rows:
        try:
            act_on(one)
        except PasserelleError as error:
            refused.append((one, str(error.message)))
        else:
            done.append(one)
    if done:
        _say(request, _answer(standing, done), batch)
    for one, why in refused[:5]:
        messages.error(
            request,
            _("%(name)s is left as they were: %(why)s")
            % {"name": one.account.full_name, "why": why},
        )
    return _back(request, community)


def _ask_why(request: HttpRequest, community: Community, rows: list[Membership]) -> HttpResponse:
    """« Refuser »: who, and why, before anything happens."""
    return render(
        request,
        "communities/console_refuse.html",
        {
            **context_of(request, community, "members"),
            "rows": rows,
            "form": ReasonForm(),
            "next": request.POST.get("next", ""),
        },
    )


def _answer(standing: str, done: list[Membership]) -> str:
    count, name = len(done), done[0].account.full_name
    words = {
        "accept": ngettext("%(name)s is a member.", "%(count)d people are members.", count),
        "member": ngettext("%(name)s is a member.", "%(count)d people are members.", count),
        "moderator": ngettext(
            "%(name)s is a moderator.", "%(count)d people are moderators.", count
        ),
        "pending": ngettext("%(name)s is waiting.", "%(count)d people are waiting.", count),
        "refused": ngettext("%(name)s is refused.", "%(count)d people are refused.", count),
        "remove": ngettext(
            "%(name)s is no longer in the community.",
            "%(count)d people are no longer in the community.",
            count,
        ),
    }
    return words[standing] % {"name": name, "count": count}


def _say(request: HttpRequest, words: str, batch: uuid.UUID) -> None:
    """Answer, with a button that undoes; the form of that id is on the page of the list."""
    messages.success(
        request,
        format_html(
            '{} <button class="toast__action" type="submit" name="batch" value="{}" '
            'form="undo-members">{}</button>',
            words,
            batch,
            _("Undo"),
        ),
        extra_tags=UNDO,
    )


@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """« Annuler », in the toast."""
    community = access.get_administered_for(request.user, slug)
    account = signed_in(request)
    try:
        batch = uuid.UUID(request.POST.get("batch", ""))
        count = memberships_undo(batch=batch, community=community, by=account)
    except ValueError:
        messages.error(request, str(UndoTooLateError().message))
    except PasserelleError as refused:
        messages.error(request, str(refused.message))
    else:
        words = ngettext(
            "Undone: %(count)d person is as before.",
            "Undone: %(count)d people are as before.",
            count,
        )
        messages.success(request, words % {"count": count})
    return _back(request, community)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """« Ajouter un membre »: by their address; without an account, they are invited."""
    community = access.get_administered_for(request.user, slug)
    account = signed_in(request)
    if community.deleted_at is not None:
        messages.error(request, str(CommunityDeletedError().message))
        return redirect("communities-console:edit", slug=slug)
    posted = request.method == "POST"
    form = MemberForm(request.POST if posted else None)
    if posted and not allowed(request, "add_member"):
        return too_many_requests(request)
    if posted and form.is_valid():
        email, batch = form.cleaned_data["email"], uuid.uuid4()
        membership = person_bring(
            community=community,
            email=email,
            role=form.cleaned_data["role"],
            by=account,
            batch=batch,
        )
        if membership is None:
            messages.success(
                request, _("An invitation is on its way to %(email)s.") % {"email": email}
            )
        elif entries_of_batch(batch, actor=account).exists():
            _say(request, _answer(membership.role, [membership]), batch)
        else:
            messages.info(
                request,
                _("%(name)s was already in the community: nothing has changed.")
                % {"name": membership.account.full_name},
            )
        return redirect("communities-console:members", slug=slug)
    return render(
        request,
        "communities/console_add.html",
        {**context_of(request, community, "members"), "form": form},
        status=422 if form.errors else 200,
    )
