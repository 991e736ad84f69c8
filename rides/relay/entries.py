"""Where the rest of the platform meets the relay."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts import inventory, suspensions
from core.accounts.models import Account
from core.accounts.readers import ACQUAINTANCES, Acquaintance
from core.shell.panels import Panel
from regions.agreements.effects import EFFECTS, Effect
from regions.letters.receivers import RECEIVERS, RETURNED, Receiver
from rides.bookings import hooks as bookings
from rides.bookings.panels import BOOKING_PANELS
from rides.conversations import hooks as conversations
from rides.conversations.models import Thread
from rides.journeys import hooks as journeys
from rides.pooling.queries import HOLDINGS, Holding
from rides.relay import bodies, holdings, incoming, outgoing, panels, said, tasks
from rides.relay.endings import account_leaves, account_suspended
from rides.relay.guests import acquainted


def _parting(_body: dict[str, Any]) -> bool:
    return True


def export(account: Account) -> list[dict[str, Any]]:
    """With which regions somebody has conversations: these hold what was written there."""
    rows = Thread.objects.filter(
        Q(author=account) & ~Q(other__guest_from="") | Q(other=account) & ~Q(author__guest_from="")
    )
    return [
        {
            "conversation": str(row.public_id),
            "region": row.partner(account).guest_from,
            "since": row.created_at.isoformat(),
        }
        for row in rows.select_related("author", "other").order_by("pk")
    ]


def register() -> None:
    """Fill the registries of the floors and apps below."""
    bookings.register(
        # Asked before anything is counted; told last, once the conversation has its line.
        bookings.Listener(
            "relay",
            may_ask=outgoing.may_ask,
            on_event=outgoing.on_booking_event,
            unsettled=panels.unsettled,
            order=300,
        )
    )
    conversations.register(
        conversations.Listener(
            "relay",
            on_message=outgoing.on_message,
            on_block=outgoing.on_block,
            on_report=outgoing.on_report,
            closed=outgoing.closed,
        )
    )
    journeys.register(journeys.Listener("relay", on_said=outgoing.on_said))
    for receiver in (
        Receiver(bodies.MESSAGE, incoming.read_message),
        Receiver(bodies.UNDELIVERED, incoming.read_undelivered),
        Receiver(bodies.ASK, incoming.read_ask),
        Receiver(bodies.ACT, incoming.read_act, parting=bodies.act_parts),
        Receiver(bodies.STATE, incoming.read_state, parting=bodies.state_parts),
        Receiver(bodies.PERSON, incoming.read_person),
        Receiver(bodies.SAID, said.read_said),
        Receiver(bodies.BLOCK, incoming.read_block, parting=_parting),
        Receiver(bodies.REPORT, incoming.read_report),
        Receiver(bodies.GONE, incoming.read_gone, parting=_parting, closing=True),
        Receiver(RETURNED, incoming.read_returned),
    ):
        RECEIVERS.register(receiver)
    suspensions.register(suspensions.Watcher("relay", account_suspended))
    ACQUAINTANCES.register(Acquaintance("relay", of=acquainted))
    EFFECTS.register(Effect("relay", tasks.reconcile.enqueue, order=110))
    BOOKING_PANELS.register(
        Panel(
            name="relay",
            template="relay/booking_panel.html",
            context=panels.booking_panel,
            order=1,
        )
    )
    HOLDINGS.register(Holding("conversations", holdings.conversations, order=100))
    HOLDINGS.register(Holding("bookings", holdings.bookings, order=110))
    inventory.register(
        inventory.PersonalData(
            name="relay",
            label=_("Conversations with people of other regions"),
            export=export,
            remove=account_leaves,
            order=70,
        )
    )
