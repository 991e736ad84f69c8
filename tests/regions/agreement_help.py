"""Agreements for tests, made by the acts of administrators."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.accounts.services import role_grant
from regions.agreements.inputs import Terms
from regions.agreements.models import Agreement
from regions.agreements.services import agreement_propose, agreement_sign
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.factories import make_account


def administrator(tenant: Tenant) -> Any:
    """A new administrator of a region."""
    with tenant_scope(tenant):
        account = make_account()
        role_grant(account=account, role="administrator")
    return account


def terms(**said: Any) -> Terms:
    """Adverts and every field, everywhere, from long ago on; give what differs."""
    said.setdefault("title", "Bretagne – Hauts-de-France")
    said.setdefault("purpose", "Voyager d’une région à l’autre.")
    said.setdefault("pools", ["adverts"])
    said.setdefault("fields", ["contribution", "wheelchair", "communities"])
    said.setdefault("starts_on", date(2026, 1, 1))
    return Terms(**said)


def agree(*tenants: Tenant, **said: Any) -> Agreement:
    """An agreement that all these regions have signed."""
    first, *others = tenants
    with tenant_scope(first):
        made = agreement_propose(
            actor=administrator(first),
            terms=terms(**said),
            partners=[one.slug for one in others],
        )
    for one in others:
        with tenant_scope(one):
            made = agreement_sign(agreement=made, actor=administrator(one), version=made.version)
    return made
