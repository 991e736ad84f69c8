"""Where the rest of the platform meets conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from communities.communities import facts
from core.accounts import inventory, sections
from core.accounts.access import is_administrator, is_member, signed_in
from core.accounts.models import Account
from core.shell import menu
from core.shell.panels import Panel
from rides.adverts.models import Advert
from rides.adverts.panels import ADVERT_PANELS
from rides.adverts.queries import latest_of
from rides.bookings import hooks
from rides.bookings.models import Booking
from rides.bookings.panels import BOOKING_PANELS
from rides.conversations import exports
from rides.conversations.access import blocked_ids, is_blocked
from rides.conversations.errors import NotReachableError
from rides.conversations.models import Report, Thread
from rides.conversations.queries import thread_about, unread_count
from rides.conversations.services import contact_check, on_booking_event
from tenants.models import Module

MODULE = Module.CARPOOLING.value


def unread(request: HttpRequest) -> int:
    """Unread lines; asked by several menus of a page, so the answer stays on the request."""
    known: int | None = getattr(request, "_conversations_unread", None)
    if known is None:
        account = request.user
        known = unread_count(account) if isinstance(account, Account) else 0
        request._conversations_unread = known  # type: ignore[attr-defined]
    return known


def _administrators(request: HttpRequest) -> bool:
    return is_administrator(request.user)


def _open_reports(request: HttpRequest) -> int:
    return Report.objects.filter(handled_at__isnull=True).count()


_ENTRIES = (
    menu.MenuEntry(
        name="messages",
        label=_("Inbox"),
        url="conversations:list",
        icon="message",
        place="personal",
        order=10,
        visible=menu.members,
        badge=unread,
        badge_label=_("unread lines"),
        module=MODULE,
        in_bar=True,
    ),
    menu.MenuEntry(
        name="notifications",
        label=_("My notifications"),
        url="notifications:preferences",
        icon="bell",
        place="profile",
        order=20,
        visible=menu.members,
        module=MODULE,
    ),
    menu.MenuEntry(
        name="blocked",
        label=_("People I blocked"),
        url="notifications:blocked",
        icon="close",
        place="profile",
        order=46,
        visible=menu.members,
        module=MODULE,
    ),
    menu.MenuEntry(
        name="reports",
        label=_("Reports"),
        url="conversations-console:reports",
        icon="flag",
        place="console",
        order=80,
        visible=_administrators,
        badge=_open_reports,
        badge_label=_("to handle"),
        module=MODULE,
    ),
)


def _barred(asker: Account, advert: Advert) -> str:
    """Neither of two people of whom one blocked the other is shown how to ask."""
    return str(NotReachableError().message) if is_blocked(asker, advert.author) else ""


def _on_advert(request: HttpRequest, advert: Advert) -> Mapping[str, Any] | None:
    """« Écrire à Pierre L. », or the conversation that exists."""
    account = request.user
    if advert.status != Advert.Status.ACTIVE:
        return None
    if not isinstance(account, Account) or not is_member(account):
        return {"advert": advert, "thread": None, "name": advert.author.display_name}
    if account.pk == advert.author_id:
        return None
    thread = thread_about(advert, account.pk)
    if thread is None and is_blocked(account, advert.author):
        return None
    return {"advert": advert, "thread": thread, "name": advert.author.display_name}


def _on_booking(request: HttpRequest, booking: Booking) -> Mapping[str, Any] | None:
    """The conversation of the two."""
    account = signed_in(request)
    thread = thread_about(booking.advert, booking.asker_id)
    if thread is None:
        return None
    return {
        "advert": booking.advert,
        "thread": thread,
        "name": booking.other(account).display_name,
    }


def _to_write(reader: Account, accounts: Sequence[int]) -> Mapping[int, str]:
    """Where to write to the members of a page who have an advert online: one writes about one."""
    blocked = blocked_ids(reader)
    latest = latest_of([one for one in accounts if one not in blocked], reader, timezone.now())
    return {
        account: reverse("conversations:write", args=[advert]) for account, advert in latest.items()
    }


def _told(account: Account) -> list[list[str]]:
    """Conversations for the region's administrators: when and how many lines, never a word."""
    rows = (
        Thread.objects.filter(Q(author=account) | Q(other=account))
        .annotate(lines=Count("messages"))
        .order_by("-last_at", "-pk")
    )
    return [
        [
            formats.date_format(row.created_at, "SHORT_DATE_FORMAT"),
            formats.date_format(row.last_at, "SHORT_DATE_FORMAT"),
            str(row.lines),
        ]
        for row in rows[: sections.SHOWN]
    ]


def register() -> None:
    """Fill the registries of the apps below."""
    for entry in _ENTRIES:
        menu.register(entry)
    hooks.register(
        hooks.Listener(
            "conversations", may_ask=contact_check, on_event=on_booking_event, barred=_barred
        )
    )
    facts.register_action(
        facts.MemberAction(
            name="write", label=_("Write"), icon="message", of=_to_write, module=MODULE
        )
    )
    template = "conversations/write_panel.html"
    ADVERT_PANELS.register(Panel(name="write", template=template, context=_on_advert, order=20))
    BOOKING_PANELS.register(Panel(name="write", template=template, context=_on_booking, order=20))
    sections.register(
        sections.PersonSection(
            name="conversations",
            label=_("Conversations, without what they say"),
            heads=(_("Begun on"), _("Last message on"), _("Messages")),
            rows=_told,
            order=40,
            module=MODULE,
        )
    )
    inventory.register(
        inventory.PersonalData(
            name="conversations",
            label=_("Conversations"),
            export=exports.conversations_export,
            summary=exports.conversations_summary,
            order=62,
        )
    )
