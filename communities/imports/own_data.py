"""What imports hold about a person: rows of files that name their address, and invitations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from communities.imports.models import Import, ImportRow, Invitation
from core.accounts import inventory
from core.accounts.models import Account


def _addresses(account: Account) -> set[str]:
    verified = EmailAddress.objects.filter(user=account, verified=True)
    return {account.email, *(one.lower() for one in verified.values_list("email", flat=True))}


def _export(account: Account) -> Mapping[str, Any]:
    own = _addresses(account)
    rows = ImportRow.objects.filter(email__in=own).select_related("of__community").order_by("pk")
    invited = Invitation.objects.filter(email__in=own).select_related("community").order_by("pk")
    return {
        "sent": [
            {"file": one.file_name, "at": one.created_at.isoformat(), "rows": one.total}
            for one in account.imports.order_by("pk")
        ],
        "named_in": [
            {
                "community": row.of.community.name if row.of.community else row.data.get("name"),
                "at": row.of.created_at.isoformat(),
                "address": row.email,
                "first_name": row.first_name,
                "last_name": row.last_name,
                "status": row.standing,
                "identifier": row.data.get("identifier", ""),
            }
            for row in rows
        ],
        "invitations": [
            {
                "community": one.community.name,
                "at": one.created_at.isoformat(),
                "address": one.email,
                "first_name": one.first_name,
                "last_name": one.last_name,
            }
            for one in invited
        ],
    }


def _remove(account: Account) -> None:
    """Invitations go; rows keep their number, without the person."""
    own = _addresses(account)
    Invitation.objects.filter(email__in=own).delete()
    for row in ImportRow.objects.filter(email__in=own).select_related("of"):
        row.email = row.first_name = row.last_name = row.detail = ""
        if row.of.kind == Import.Kind.COMMUNITIES:
            row.data["referent"] = ""
        else:
            row.data, row.verdict, row.reason = {}, ImportRow.Verdict.REFUSED, "no_email"
        row.save()


def register() -> None:
    """Put imports in the inventory of personal data."""
    inventory.register(
        inventory.PersonalData(
            name="imports",
            label=_("Files of communities and invitations"),
            export=_export,
            remove=_remove,
            order=52,
        )
    )
