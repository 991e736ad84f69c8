"""Where the rest of the platform meets pooling."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.communities import watchers as communities
from core.accounts import inventory
from core.accounts.access import signed_in
from core.accounts.models import Account
from core.audit import actions
from core.shell import menu
from core.shell.explained import EXPLAINED, Page
from core.shell.panels import Panel
from regions.agreements.effects import EFFECTS, Effect
from regions.pool.queries import has_partners, partner_names
from regions.pooled.hooks import LISTENERS, Listener
from regions.pooled.queries import has_pools
from regions.territories import moves
from rides.adverts import access, watchers
from rides.adverts.inputs import AdvertInput
from rides.adverts.models import Advert
from rides.adverts.panels import ADVERT_PANELS, ANSWERS, SUMMARY_PANELS, Answer
from rides.adverts.queries import is_over
from rides.bookings import hooks
from rides.bookings.models import BookingEvent
from rides.pooling import services, tasks
from rides.pooling.models import PoolingRefusal, RegionRefusal, SharedAdvert, pooling_enabled
from tenants.context import current_tenant_or_none
from tenants.models import Module

MODULE = Module.CARPOOLING.value


def _manages(request: HttpRequest) -> bool:
    return access.can_manage(request.user)


def _panel(request: HttpRequest, advert: Advert) -> Mapping[str, Any] | None:
    """To its author: whether partners may see the advert, asked in words."""
    if not access.is_author(request.user, advert) or not _offers():
        return None
    if advert.status != Advert.Status.ACTIVE or advert.same_gender:
        return None
    if is_over(advert, timezone.now()):
        return None
    sharing = SharedAdvert.objects.filter(advert=advert).first()
    agreed = sharing is not None and sharing.withdrawn_at is None
    if not agreed and PoolingRefusal.objects.filter(account_id=advert.author_id).exists():
        return None
    return {"advert": advert, "agreed": agreed, "regions": partner_names()}


def _explained(request: HttpRequest, _page: Page) -> Mapping[str, Any] | None:
    """To anybody: what other regions learn, where there are any."""
    tenant = current_tenant_or_none()
    if tenant is None or not tenant.has_module(MODULE) or not has_partners():
        return None
    return {"regions": partner_names()}


def _offers() -> bool:
    return pooling_enabled() and has_partners()


def _asked(request: HttpRequest, said: AdvertInput) -> Mapping[str, Any] | None:
    """At the summary: whether partners may see the advert. Nothing is ticked for anybody."""
    if not _offers() or said.same_gender:
        return None
    if any(
        one.members_hidden or one.adverts_hidden or not one.adverts_leave
        for one in said.communities
    ):
        return None
    if PoolingRefusal.objects.filter(account=signed_in(request)).exists():
        return None
    return {"regions": partner_names(), "agreed": "pool" in request.POST}


def _answered(request: HttpRequest, advert: Advert) -> None:
    if "pool" not in request.POST:
        return
    try:
        services.advert_agree(advert=advert, account=advert.author)
    except services.PoolingError as refused:
        messages.warning(request, str(refused.message))


def _follow(advert: Advert, change: watchers.Change) -> None:
    services.adverts_sync([advert.pk])


def _booked(event: BookingEvent) -> None:
    services.adverts_sync([event.booking.advert_id])


def _communities_changed(changed: Collection[UUID]) -> None:
    """Somebody joined or left a community: which of its adverts are its members' may differ."""
    keys = sorted(map(str, changed))
    transaction.on_commit(
        lambda: tasks.follow_communities.enqueue(communities=keys) if has_pools() else None
    )


def _pool_changed(community: UUID) -> None:
    tasks.follow_communities.enqueue(communities=[str(community)])


def export(account: Account) -> list[dict[str, Any]]:
    """What somebody said of each of their adverts, and of regions."""
    rows = SharedAdvert.objects.filter(advert__author=account).select_related("advert")
    refused = RegionRefusal.objects.filter(account=account).order_by("pk")
    return [
        *({"refused_region": row.region, "at": row.at.isoformat()} for row in refused),
        *_adverts_told(rows),
    ]


def _adverts_told(rows: QuerySet[SharedAdvert]) -> list[dict[str, Any]]:
    return [
        {
            "advert": str(row.advert),
            "agreed_at": row.agreed_at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            "held_by_partners": row.shared,
        }
        for row in rows.order_by("pk")
    ]


def _territories_moved(move: moves.Move) -> int:
    """Partners read codes of municipalities too: they are told once all has moved."""
    if SharedAdvert.objects.filter(shared=True).exists():
        tasks.rebuild.enqueue()
    return 0


def register() -> None:
    """Fill the registries of the floors and apps below."""
    watchers.register(watchers.Watcher("pooling", _follow, order=200))
    hooks.register(hooks.Listener("pooling", on_event=_booked, order=200))
    communities.register(communities.Watcher("rides", _communities_changed, order=200))
    LISTENERS.register(Listener("rides", changed=_pool_changed, order=200))
    moves.register(moves.Mover("pooling", _territories_moved, order=90))
    EFFECTS.register(Effect("rides", tasks.rebuild.enqueue, order=100))
    ADVERT_PANELS.register(
        Panel(name="pooling", template="pooling/advert_panel.html", context=_panel, order=5)
    )
    EXPLAINED.register(Panel(name="pooling", template="pooling/explained.html", context=_explained))
    SUMMARY_PANELS.register(
        Panel(name="pooling", template="pooling/summary_panel.html", context=_asked)
    )
    ANSWERS.register(Answer("pooling", _answered))
    menu.register(
        menu.MenuEntry(
            name="pooling",
            label=_("Where my data circulates"),
            url="pooling:mine",
            icon="share",
            place="profile",
            order=45,
            visible=menu.members,
            module=MODULE,
        )
    )
    menu.register(
        menu.MenuEntry(
            name="pooling-console",
            label=_("Pooling of adverts"),
            url="pooling-console:switch",
            icon="share",
            place="console",
            order=86,
            visible=_manages,
            module=MODULE,
        )
    )
    actions.register("pooling.switched", _("changed the pooling of adverts"))
    inventory.register(
        inventory.PersonalData(
            name="pooling",
            label=_("Adverts offered to other regions"),
            export=export,
            remove=services.account_leaves,
            order=63,
        )
    )
