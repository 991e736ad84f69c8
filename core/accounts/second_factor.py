"""The second factor: a code of an application, and recovery codes; allauth keeps and checks both.

A region asks its administrators for one (``AccountSettings.second_factor_required``, on unless the
region says otherwise): without it they sign in, but the console leads to the page that sets it up.
Anybody else may have one too.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from core.accounts.errors import SecondFactorRequiredError
from core.accounts.models import Account, AccountSettings, RoleAssignment
from core.audit.services import record
from core.notifications.services import mail_send
from tenants.context import current_tenant_or_none


def has_second_factor(account: Account) -> bool:
    """Whether signing in asks this account for a code."""
    mine = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP)
    return bool(mine.exists())


def needs_second_factor(account: Any) -> bool:
    """Whether the console waits until this account has a second factor."""
    return (
        isinstance(account, Account)
        and current_tenant_or_none() is not None
        and account.roles.filter(role=RoleAssignment.Role.ADMINISTRATOR).exists()
        and AccountSettings.current().second_factor_required
        and not has_second_factor(account)
    )


def is_required_of(account: Account) -> bool:
    """Whether the account may not give its second factor up."""
    return (
        current_tenant_or_none() is not None
        and account.roles.filter(role=RoleAssignment.Role.ADMINISTRATOR).exists()
        and AccountSettings.current().second_factor_required
    )


def recovery_codes(account: Account) -> list[str]:
    """Return the codes that are still good for one sign-in each."""
    row = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return RecoveryCodes(row).get_unused_codes() if row is not None else []


@transaction.atomic
def second_factor_set(*, account: Account, secret: str) -> list[str]:
    """Ask for a code from now on; return recovery codes, new ones. Twice is once.

    ``secret`` is that of the application, which has shown that it knows it.
    """
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not has_second_factor(account):
        TOTP.activate(account, secret)
        _tell(account, "account.second_factor_set")
    return _new_codes(account)


@transaction.atomic
def recovery_codes_renew(*, account: Account) -> list[str]:
    """Return new recovery codes; the former ones are worth nothing."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    return _new_codes(account)


@transaction.atomic
def second_factor_remove(*, account: Account) -> None:
    """Ask for no code any more; raise ``SecondFactorRequiredError`` where the region wants one."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if is_required_of(account):
        raise SecondFactorRequiredError
    gone, _rows = Authenticator.objects.filter(user=account).delete()
    if gone:
        _tell(account, "account.second_factor_removed")


def _new_codes(account: Account) -> list[str]:
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
    return codes


def _tell(account: Account, action: str) -> None:
    """Write a line in the history, and to the owner of the account."""
    if current_tenant_or_none() is not None:
        record(
            actor=account,
            action=action,
            kind="account",
            object_id=account.pk,
            label=account.display_name,
            subject=account,
        )
    mail_send(
        template="accounts/mails/second_factor",
        to=account.email,
        context={"first_name": account.first_name, "is_set": action.endswith("_set")},
        language=account.language or None,
    )
