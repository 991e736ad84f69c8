"""What history holds about a person: what they did, and what was done about them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.inventory import PersonalData, register
from core.accounts.models import Account
from core.audit.models import AuditEntry


def export(account: Account) -> list[dict[str, Any]]:
    """Return the acts of a person and those about them; of others' acts, not who did them."""
    rows = AuditEntry.objects.filter(Q(actor=account) | Q(subject=account)).order_by("at", "pk")
    return [
        {
            "at": row.at.isoformat(),
            "action": row.action,
            "object": row.label,
            "by_me": row.actor_id == account.pk,
            "about_me": row.subject_id == account.pk,
            # What I changed of others is about them.
            "changes": row.changes if row.subject_id in {None, account.pk} else {},
            "reason": row.note if row.subject_id in {None, account.pk} else "",
        }
        for row in rows
    ]


def remove(account: Account) -> None:
    """Keep that something was done and when; take away whom it was about and why.

    The links to the account are emptied by the foreign keys.
    """
    AuditEntry.objects.filter(kind="account", object_id=str(account.pk)).update(
        label="", changes={}, note=""
    )
    AuditEntry.objects.filter(subject=account).exclude(kind="account").update(note="", changes={})


def register_own_data() -> None:
    """Put history in the inventory."""
    register(
        PersonalData(
            name="history",
            label=_("History of the administration"),
            export=export,
            remove=remove,
            order=90,
        )
    )
