"""Who may, as plain predicates. Each docstring is the rule; rights hold in the current schema."""

from __future__ import annotations

from typing import Any

from core.accounts.models import Account, RoleAssignment
from tenants.context import current_scope


def is_member(account: Any) -> bool:
    """A signed-in, active account of this region."""
    return bool(
        isinstance(account, Account) and account.is_active and current_scope().tenant is not None
    )


def is_administrator(account: Any) -> bool:
    """An active account that holds the administrator role in this region.

    Platform operators are none: they have no account here. One query, then remembered on the
    instance, which lives as long as a request.
    """
    if not isinstance(account, Account) or not is_member(account):
        return False
    if account.holds_administrator is None:
        account.holds_administrator = account.roles.filter(
            role=RoleAssignment.Role.ADMINISTRATOR
        ).exists()
    return account.holds_administrator


def is_platform_operator(account: Any) -> bool:
    """An active operator's account of the public schema, on the platform's host."""
    return bool(isinstance(account, Account) and account.is_staff)


def has_verified_email(account: Any) -> bool:
    """An account whose current address was verified by a code."""
    from allauth.account.models import EmailAddress

    return bool(
        isinstance(account, Account)
        and account.pk
        and EmailAddress.objects.filter(
            user_id=account.pk, email=account.email, verified=True
        ).exists()
    )
