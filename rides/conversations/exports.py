"""What the platform holds about a person in conversations: for their export."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from core.accounts.models import Account
from rides.conversations.access import threads_of
from rides.conversations.models import Message
from rides.conversations.notices import preferences_of


def conversations_export(account: Account) -> dict[str, Any]:
    """The account's own messages, blocks, reports and choices; nothing that others wrote."""
    chosen = preferences_of(account)
    written = Message.objects.filter(sender=account, event__isnull=True).select_related("thread")
    return {
        "messages": [
            {
                "conversation": str(one.thread.public_id),
                "sent_at": one.created_at.isoformat(),
                "body": one.body,
            }
            for one in written
        ],
        "blocked": [
            one.blocked.display_name
            for one in account.blocks_made.select_related("blocked").order_by("pk")
        ],
        "reports": [
            {"reason": one.reason, "text": one.text, "sent_at": one.created_at.isoformat()}
            for one in account.reports_made.all()
        ],
        "notifications": {
            "messages": chosen.messages,
            "bookings": chosen.bookings,
            "recap": chosen.recap,
            "quiet": chosen.quiet,
            "quiet_from": chosen.quiet_from.isoformat(),
            "quiet_until": chosen.quiet_until.isoformat(),
        },
    }


def conversations_summary(account: Account) -> list[str]:
    """« 3 conversations »."""
    count = threads_of(account).count()
    if not count:
        return []
    return [ngettext("%(count)d conversation", "%(count)d conversations", count) % {"count": count}]
