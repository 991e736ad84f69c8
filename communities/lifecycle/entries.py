"""Where communities' pages meet their life: panels, a tab of the console, closed pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.communities import ending, panels
from communities.communities.access import communities_administered_by, is_moderator, membership_of
from communities.communities.models import Community
from communities.lifecycle import access, history, own_data, queries, signs
from communities.lifecycle.console.forms import LifecycleRulesForm
from communities.lifecycle.contacts import check_contact, needs_contact
from communities.lifecycle.handovers import moderator_gone
from communities.lifecycle.site.closed import archived
from core.accounts import suspensions
from core.accounts.access import is_member
from core.accounts.models import Account

Told = Mapping[str, Any] | None


def _page(request: HttpRequest, community: Community | None) -> Told:
    """On a community's page: what its members are asked."""
    if community is None or not is_member(request.user):
        return None
    membership = membership_of(request.user, community)
    if membership is None or not membership.is_accepted:
        return None
    handover, offer = queries.handover_of(community), queries.offer_of(community)
    standing = queries.standing_of(community) if membership.is_moderator else None
    told = {
        "is_quiet": standing is not None and standing.state == "quiet",
        "is_asked": offer is not None and offer.successor == request.user,
        "vote": handover if handover is not None and handover.is_open else None,
    }
    return told if any(told.values()) else None


def _leave(request: HttpRequest, community: Community | None) -> Told:
    runs = community is not None and is_moderator(request.user, community)
    return {} if runs else None


def _mine(request: HttpRequest, community: Community | None) -> Told:
    if not isinstance(request.user, Account):
        return None
    told = {
        "asked": queries.asked_of(request.user),
        "archived": list(queries.archived_of(request.user)),
    }
    return told if any(told.values()) else None


def _console(request: HttpRequest, community: Community | None) -> Told:
    if community is None or not community.is_active:
        return None
    standing, handover = queries.standing_of(community), queries.handover_of(community)
    vote = handover if handover is not None and handover.is_open else None
    if vote is None and (standing is None or standing.state != "quiet"):
        return None
    return {
        "vote": vote,
        "last_sign_at": standing.last_sign_at if standing is not None else None,
        "oversees": access.oversees(request.user),
        "url": reverse("communities-lifecycle:relay", args=[community.slug]),
    }


def _console_delete(request: HttpRequest, community: Community | None) -> Told:
    if community is None or not isinstance(request.user, Account):
        return None
    if not needs_contact(community, request.user):
        return None
    return {"can_log": access.oversees(request.user)}


def _console_list(request: HttpRequest, community: Community | None) -> Told:
    oversees = access.oversees(request.user)
    told = {
        "oversees": oversees,
        "inactive": (
            queries.in_question(access.communities_overseen_by(request.user)).count()
            if oversees
            else 0
        ),
        "deleted": queries.deleted(communities_administered_by(request.user)).count(),
    }
    return told if any(told.values()) else None


def _overseen(request: HttpRequest, community: Community) -> bool:
    return access.communities_overseen_by(request.user).filter(pk=community.pk).exists()


_PANELS = (
    ("page", "lifecycle/panels/page.html", _page),
    ("leave", "lifecycle/panels/leave.html", _leave),
    ("mine", "lifecycle/panels/mine.html", _mine),
    ("console", "lifecycle/panels/console.html", _console),
    ("console-delete", "lifecycle/panels/console_delete.html", _console_delete),
    ("console-list", "lifecycle/panels/console_list.html", _console_list),
)


def register() -> None:
    """Fill the registries of the floors below, and this app's own."""
    for place, template, told in _PANELS:
        panels.register(
            panels.Panel(
                name=f"lifecycle-{place}",
                place=place,  # type: ignore[arg-type]
                template=template,
                told=told,
            )
        )
    panels.register_console_tab(
        panels.ConsoleTab(
            name="life",
            label=_("Life of the community"),
            url="communities-lifecycle-console:life",
            visible=_overseen,
        )
    )
    panels.register_closed(panels.ClosedPage(name="archived", show=archived))
    panels.register_rules(
        panels.RulesSection(
            name="lifecycle",
            label=_("Inactive communities"),
            form=LifecycleRulesForm,
        )
    )
    ending.register_guard(ending.Guard(name="contact", check=check_contact))
    suspensions.register(
        suspensions.Watcher(
            name="lifecycle", follow=lambda account: moderator_gone(account, deleted=False)
        )
    )
    for name, label, latest, order in (
        ("created", _("Created"), signs.created, 10),
        ("joined", _("Last new member"), signs.joined, 20),
        ("signed_in", _("Last sign-in of a moderator"), signs.signed_in, 30),
        ("answered", _("Said to be active"), signs.answered, 90),
    ):
        signs.register(signs.Sign(name=name, label=label, latest=latest, order=order))
    own_data.register()
    history.register()
