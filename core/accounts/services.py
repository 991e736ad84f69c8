"""Writes on accounts, roles and consents. Keyword-only, atomic, in the current scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, router, transaction
from django.utils import timezone

from core.accounts import inventory, suspensions
from core.accounts.errors import (
    ConsentNotHeldError,
    EmailTakenError,
    LastAdministratorError,
    OwnSuspensionError,
)
from core.accounts.managers import normalise_email
from core.accounts.models import Account, AccountSettings, Consent, RoleAssignment
from core.audit.services import differences, record
from core.notifications.services import mail_send
from tenants.context import current_tenant, current_tenant_or_none


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """What an account starts with. ``password_hash`` empty: the person sets one by a code."""

    email: str
    first_name: str = ""
    last_name: str = ""
    password_hash: str = ""
    phone: str = ""
    title: str = ""
    birth_date: date | None = None
    residence_code: str = ""
    language: str = ""
    created_at: datetime | None = None
    """When the person registered; ``None`` for now. Demo data spreads it over months."""
    charter_version: str = ""
    """Version of the charter and data policy that the person accepted; empty: none yet."""
    news: bool = False
    """Whether the person also accepted the service's news."""


class AccountChanges(TypedDict, total=False):
    """What ``account_update`` may change."""

    first_name: str
    last_name: str
    title: str
    phone: str
    birth_date: date | None
    residence_code: str
    language: str


def _from_draft(draft: AccountDraft) -> Account:
    return Account(
        email=normalise_email(draft.email),
        password=draft.password_hash or make_password(None),
        first_name=draft.first_name,
        last_name=draft.last_name,
        phone=draft.phone,
        title=draft.title,
        birth_date=draft.birth_date,
        residence_code=draft.residence_code,
        language=draft.language,
        created_at=draft.created_at or timezone.now(),
    )


def _consents_of(draft: AccountDraft) -> list[str]:
    given = [Consent.Kind.CHARTER.value] if draft.charter_version else []
    return [*given, Consent.Kind.NEWS.value] if given and draft.news else given


def accounts_create_verified(
    *, drafts: Iterable[AccountDraft], using: str | None = None
) -> list[Account]:
    """Create accounts whose addresses count as verified, in a few statements, in order.

    Nothing is checked beyond the database's own constraints (unique address, lower case): for
    demo data and imports that validated before. Raises ``EmailTakenError``; then nothing is made.
    """
    rows = list(drafts)
    using = using or router.db_for_write(Account)
    try:
        with transaction.atomic(using=using):
            accounts = Account.objects.using(using).bulk_create(
                [_from_draft(draft) for draft in rows], batch_size=1000
            )
            EmailAddress.objects.using(using).bulk_create(
                [
                    EmailAddress(
                        user_id=account.pk, email=account.email, verified=True, primary=True
                    )
                    for account in accounts
                ],
                batch_size=1000,
            )
            Consent.objects.using(using).bulk_create(
                [
                    Consent(
                        account=account,
                        kind=kind,
                        version=draft.charter_version,
                        given_at=draft.created_at or timezone.now(),
                    )
                    for account, draft in zip(accounts, rows, strict=True)
                    for kind in _consents_of(draft)
                ],
                batch_size=1000,
            )
    except IntegrityError as error:
        raise EmailTakenError from error
    return accounts


def account_create_verified(
    *, draft: AccountDraft, password: str | None = None, using: str | None = None
) -> Account:
    """Create one account whose address counts as verified; ``password`` in clear is hashed."""
    if password is not None:
        draft = replace(draft, password_hash=make_password(password))
    return accounts_create_verified(drafts=[draft], using=using)[0]


@transaction.atomic
def account_update(*, account: Account, **changes: Unpack[AccountChanges]) -> Account:
    """Change some fields; raise ``ValidationError`` by field when the model refuses one."""
    for name, value in changes.items():
        setattr(account, name, value)
    fields = sorted(changes)
    unchanged = {field.name for field in account._meta.fields} - set(fields)
    account.clean_fields(exclude=unchanged)
    account.save(update_fields=fields)
    return account


def _keep_an_administrator(account: Account) -> None:
    """Raise ``LastAdministratorError`` if nobody else active administers; locks the rows."""
    rows = list(
        RoleAssignment.objects.select_for_update(of=("self",))
        .filter(role=RoleAssignment.Role.ADMINISTRATOR, territories=[], account__is_active=True)
        .values_list("account_id", flat=True)
    )
    if account.pk in rows and len(rows) == 1:
        raise LastAdministratorError


def _note(
    *,
    account: Account,
    by: Account | None,
    action: str,
    changes: Mapping[str, tuple[Any, Any]],
    note: str = "",
) -> None:
    """Write a line in a person's history; the platform's operators have none."""
    if current_tenant_or_none() is not None:
        record(
            actor=by,
            action=action,
            kind="account",
            object_id=account.pk,
            label=account.display_name,
            subject=account,
            changes=changes,
            note=note,
        )


@transaction.atomic
def account_suspend(*, account: Account, by: Account | None = None, reason: str = "") -> None:
    """Keep a person out: their open sessions end at the next request; twice is once.

    ``by`` is who decides: the person is then told by mail, with the reason. Raises
    ``LastAdministratorError``, and ``OwnSuspensionError`` for oneself.
    """
    if by is not None and by.pk == account.pk:
        raise OwnSuspensionError
    _keep_an_administrator(account)
    locked = Account.objects.select_for_update().get(pk=account.pk)
    account.is_active = False
    if locked.is_active:
        account.save(update_fields=["is_active"])
        changes = {"is_active": (True, False)}
        _note(account=account, by=by, action="account.suspended", changes=changes, note=reason)
        if current_tenant_or_none() is not None:
            suspensions.suspended(account)
        if by is not None:
            mail_send(
                template="accounts/mails/account_suspended",
                to=account.email,
                context={"first_name": account.first_name, "reason": reason},
                language=account.language or None,
            )


@transaction.atomic
def account_restore(*, account: Account, by: Account | None = None, reason: str = "") -> None:
    """Let a suspended person in again; twice is once."""
    locked = Account.objects.select_for_update().get(pk=account.pk)
    account.is_active = True
    if not locked.is_active:
        account.save(update_fields=["is_active"])
        changes = {"is_active": (False, True)}
        _note(account=account, by=by, action="account.restored", changes=changes, note=reason)


@transaction.atomic
def account_rules_save(
    *, minors_allowed: bool, second_factor_required: bool, by: Account
) -> AccountSettings:
    """Change the region's rules about accounts, with a line of history."""
    told = {"minors_allowed": minors_allowed, "second_factor_required": second_factor_required}
    rules, _made = AccountSettings.objects.select_for_update().get_or_create(pk=1)
    before = {name: getattr(rules, name) for name in told}
    for name, value in told.items():
        setattr(rules, name, value)
    rules.save(update_fields=sorted(told))
    changed = differences(before, told)
    if changed:
        record(
            actor=by,
            action="accounts.rules",
            kind="region",
            object_id=current_tenant().pk,
            changes=changed,
        )
    return rules


@transaction.atomic
def account_delete(*, account: Account) -> None:
    """Delete an account and all that every floor holds about the person, and tell them by mail.

    Raises ``LastAdministratorError``.
    """
    _keep_an_administrator(account)
    mail_send(
        template="accounts/mails/account_deleted",
        to=account.email,
        context={"first_name": account.first_name},
        language=account.language or None,
    )
    inventory.remove(account)
    account.delete()


def role_grant(
    *,
    account: Account,
    role: str,
    territories: Sequence[str] = (),
    by: Account | None = None,
    using: str | None = None,
) -> RoleAssignment:
    """Give a role, in the whole region or in some territories; giving it again sets where.

    ``by`` is who gives it, for its history (``None``: the platform, which writes none). Raises
    ``LastAdministratorError`` when that limits the region's only administrator.
    """
    alias = using or router.db_for_write(RoleAssignment)
    with transaction.atomic(using=alias):
        wanted = RoleAssignment.Role(role)
        if territories and wanted == RoleAssignment.Role.ADMINISTRATOR:
            _keep_an_administrator(account)
        held = RoleAssignment.objects.using(alias).filter(account_id=account.pk, role=wanted)
        before = held.first()
        assignment, _made = RoleAssignment.objects.using(alias).update_or_create(
            account_id=account.pk, role=wanted, defaults={"territories": list(territories)}
        )
        if by is not None:
            where = (before.territories if before else [], list(territories))
            changes = {"role": (before.role if before else "", role), "territories": where}
            _note(account=account, by=by, action="account.role_granted", changes=changes)
    account.held_roles = None
    return assignment


@transaction.atomic
def role_revoke(*, account: Account, role: str, by: Account | None = None) -> None:
    """Take a role back; raise ``LastAdministratorError`` for the region's only administrator."""
    held = account.roles.filter(role=role).first()
    if held is None:
        return
    if held.role == RoleAssignment.Role.ADMINISTRATOR and not held.territories:
        _keep_an_administrator(account)
    held.delete()
    account.held_roles = None
    if by is not None:
        changes = {"role": (role, ""), "territories": (held.territories, [])}
        _note(account=account, by=by, action="account.role_revoked", changes=changes)


@transaction.atomic
def consent_give(
    *, account: Account, kind: str, version: str = "", at: datetime | None = None
) -> Consent:
    """Record that a person agrees; an agreement that holds already is returned as it is.

    ``version`` defaults to that of the region's charter; ``at`` to now.
    """
    consent, _made = Consent.objects.get_or_create(
        account=account,
        kind=Consent.Kind(kind),
        version=version or AccountSettings.current().charter_version,
        withdrawn_at=None,
        defaults={"given_at": at or timezone.now()},
    )
    return consent


@transaction.atomic
def consent_withdraw(*, account: Account, kind: str, at: datetime | None = None) -> None:
    """Record that a person agrees no longer; raise ``ConsentNotHeldError`` if they did not."""
    changed = account.consents.filter(kind=kind, withdrawn_at=None).update(
        withdrawn_at=at or timezone.now()
    )
    if not changed:
        raise ConsentNotHeldError
