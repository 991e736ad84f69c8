"""Where communities' pages meet their pools: a panel, a tab of the console, what follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.communities import panels, watchers
from communities.communities.access import can_administer
from communities.communities.models import Community, Membership
from communities.pooling import access, history, tasks
from communities.pooling.lines import PartLine
from core.accounts import inventory, suspensions
from core.accounts.models import Account
from regions.agreements.effects import EFFECTS, Effect
from regions.pooled.hooks import LISTENERS, Listener, News
from regions.pooled.queries import (
    has_pools,
    pool_view,
    pools_communities,
    pools_of_region,
    proposals_of,
)


def _page(request: HttpRequest, community: Community | None) -> Mapping[str, Any] | None:
    """On a community's page: the pool that it is in, as agreements let its readers see it."""
    if community is None or not has_pools():
        return None
    view = pool_view(community.public_id)
    if view is None:
        return None
    shows = access.can_see_partners_moderators(request.user)
    return {
        "view": view,
        "parts": [PartLine(part, part.moderators if shows else []) for part in view.partners],
    }


def _console(request: HttpRequest, community: Community | None) -> Mapping[str, Any] | None:
    """In its console: a partner's proposal that awaits an answer."""
    if community is None or not community.is_active or not pools_communities():
        return None
    received = [one for one in proposals_of(community.public_id) if one.received]
    return {"received": received} if received else None


def _tab(request: HttpRequest, community: Community) -> bool:
    return access.is_offered() and can_administer(request.user, community)


def _follow(communities: Collection[UUID]) -> None:
    """Tell partners once this is committed; asked then, a region without any pays little."""
    keys = sorted(map(str, communities))
    transaction.on_commit(
        lambda: tasks.follow.enqueue(communities=keys) if pools_communities() else None
    )


def _suspended(account: Account) -> None:
    rows = Community.objects.filter(memberships__account=account, is_active=True)
    _follow(list(rows.values_list("public_id", flat=True)))


def _proposed(community: UUID) -> None:
    tasks.tell_proposed.enqueue(community=str(community))


def _acted(community: UUID, news: News) -> None:
    tasks.tell_acted.enqueue(
        community=str(community), said=news.said, region=news.region, name=news.name
    )


def _pool_changed(community: UUID) -> None:
    tasks.follow.enqueue(communities=[str(community)])


def export(account: Account) -> list[dict[str, Any]]:
    """The pooled communities that somebody runs: partner regions may read their name there."""
    held = pools_of_region()
    rows = account.memberships.filter(
        community__public_id__in=held,
        community__is_active=True,
        community__members_hidden=False,
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
    ).select_related("community")
    return [
        {"community": row.community.name, "name_told_to_partners": account.display_name}
        for row in rows.order_by("pk")
    ]


def register() -> None:
    """Fill the registries of the floors below, and of communities."""
    panels.register(
        panels.Panel(
            name="pool",
            place="page",
            template="communities_pooling/panels/page.html",
            told=_page,
            order=50,
        )
    )
    panels.register(
        panels.Panel(
            name="pool-proposals",
            place="console",
            template="communities_pooling/panels/console.html",
            told=_console,
        )
    )
    panels.register_console_tab(
        panels.ConsoleTab(
            name="pool",
            label=_("Partner regions"),
            url="communities-pooling-console:page",
            visible=_tab,
            order=60,
        )
    )
    watchers.register(watchers.Watcher(name="pooling", follow=_follow))
    suspensions.register(suspensions.Watcher(name="pooling", follow=_suspended, order=200))
    EFFECTS.register(Effect(name="communities", changed=tasks.rebuild.enqueue, order=90))
    LISTENERS.register(
        Listener(
            name="communities",
            changed=_pool_changed,
            proposed=_proposed,
            acted=_acted,
            order=50,
        )
    )
    inventory.register(
        inventory.PersonalData(
            name="pooled_communities",
            label=_("Pooled communities that you run"),
            export=export,
            order=52,
        )
    )
    history.register()
