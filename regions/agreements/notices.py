"""The mail to a region's administrators when another region has acted on an agreement of theirs.

It names regions, the agreement and the act: never a person, and not the reason that was given.
"""

from __future__ import annotations

from enum import StrEnum

from django.urls import reverse

from core.accounts.models import Account, RoleAssignment
from core.notifications.hosts import console_url
from core.notifications.services import mail_send
from regions.agreements.models import Act


class Said(StrEnum):
    """What the mail tells; its words are in ``agreements/mails/``."""

    PROPOSED = "proposed"
    AMENDED = "amended"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    """Signed by the last one."""
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RESUMED_ALONE = "resumed_alone"
    """Another region suspends it still."""
    ENDED = "ended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    UNSIGNED = "unsigned"
    """Its last day is over, and not all had signed."""


def tell_administrators(act: Act, said: str) -> None:
    """Write to those who administer the whole of the current region, each in their language."""
    agreement = act.agreement
    context = {
        "said": said,
        "region": act.tenant.name if act.tenant is not None else "",
        "title": agreement.title,
        "url": console_url(reverse("agreements:detail", args=[agreement.public_id])),
    }
    held = RoleAssignment.objects.filter(
        role=RoleAssignment.Role.ADMINISTRATOR, territories=[]
    ).values("account")
    for email, language in (
        Account.objects.filter(is_active=True, pk__in=held)
        .order_by("pk")
        .values_list("email", "language")
    ):
        mail_send(
            template="agreements/mails/act", to=email, context=context, language=language or None
        )
