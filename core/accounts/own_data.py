"""What this floor itself holds about a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.inventory import PersonalData, register
from core.accounts.models import Account


def own_data(account: Account) -> Mapping[str, Any]:
    """Return what this floor holds about a person, for the export."""

    def when(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return {
        "public_id": str(account.public_id),
        "email": account.email,
        "phone": account.phone,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "title": account.title,
        "birth_date": account.birth_date.isoformat() if account.birth_date else None,
        "residence_code": account.residence_code,
        "language": account.language,
        "registered_at": when(account.created_at),
        "last_sign_in_at": when(account.last_login),
        "addresses": [
            {"email": address.email, "verified": address.verified}
            for address in EmailAddress.objects.filter(user_id=account.pk).order_by("pk")
        ],
        "roles": [
            {
                "role": row.role,
                "territories": row.territories,
                "granted_at": when(row.granted_at),
            }
            for row in account.roles.all()
        ],
        "consents": [
            {
                "kind": row.kind,
                "version": row.version,
                "given_at": when(row.given_at),
                "withdrawn_at": when(row.withdrawn_at),
            }
            for row in account.consents.all()
        ],
    }


def _summary(account: Account) -> Sequence[str]:
    return [_("Your name, address, telephone, date of birth, municipality and consents")]


def register_own_data() -> None:
    """Put the account itself in the inventory; its rows go by the foreign keys' cascade."""
    register(
        PersonalData(
            name="account",
            label=gettext_lazy("Your account"),
            export=own_data,
            summary=_summary,
            order=0,
            on_platform=True,
        )
    )
