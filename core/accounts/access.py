"""Who may, as plain predicates. Each docstring is the rule; rights hold in the current schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from core.accounts import territories
from core.accounts.models import Account, RoleAssignment
from tenants.context import current_scope


def is_member(account: Any) -> bool:
    """A signed-in, active account of this region."""
    return bool(
        isinstance(account, Account) and account.is_active and current_scope().tenant is not None
    )


class Asked(Protocol):
    """A request, of Django's or of the API's framework."""

    @property
    def user(self) -> Any:
        """Who asks."""


def signed_in(request: Asked) -> Account:
    """The account of whoever asks; where sign-in is required. Raises TypeError for a visitor."""
    return known(request.user)


def known(user: Any) -> Account:
    """The same of a user whom a rule has let in. Raises TypeError for anybody else."""
    if not isinstance(user, Account):
        raise TypeError("A visitor where sign-in is required.")
    return user


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a right counts."""

    territories: tuple[str, ...] = ()
    """Codes of départements and intercommunalities; empty: everywhere in the region."""

    @property
    def is_everywhere(self) -> bool:
        """Whether it counts in the whole region."""
        return not self.territories

    def municipalities(self) -> list[str]:
        """Return the INSEE codes where it counts; meaningless when it counts everywhere."""
        return list(territories.municipalities(self.territories))


def reach_of(account: Any, *roles: str) -> Reach | None:
    """Where the account holds one of the roles; None where it holds none.

    Several roles count together; one without a limit counts everywhere. Platform operators hold
    none: they have no account here. One query, then remembered on the instance, which lives as
    long as a request.
    """
    if not isinstance(account, Account) or not is_member(account):
        return None
    if account.held_roles is None:
        account.held_roles = {row.role: tuple(row.territories) for row in account.roles.all()}
    held = [account.held_roles[role] for role in roles if role in account.held_roles]
    if not held:
        return None
    if () in held:
        return Reach()
    return Reach(tuple(dict.fromkeys(code for codes in held for code in codes)))


def is_administrator(account: Any) -> bool:
    """An active account that administers the whole region.

    Someone who administers some of its territories looks after their people and communities, not
    after the region's own rules: see ``reach_of``.
    """
    reach = reach_of(account, RoleAssignment.Role.ADMINISTRATOR)
    return reach is not None and reach.is_everywhere


def manages_people(account: Any) -> Reach | None:
    """Administrators look after the people who live in their territories, or after everyone."""
    return reach_of(account, RoleAssignment.Role.ADMINISTRATOR)


def people_managed_by(account: Any) -> QuerySet[Account]:
    """Return the accounts that the person looks after; none for whoever administers nothing.

    Who administers some territories does not look after those who administer the whole region.
    """
    reach = manages_people(account)
    if reach is None:
        return Account.objects.none()
    if reach.is_everywhere:
        return Account.objects.all()
    above = RoleAssignment.objects.filter(
        role=RoleAssignment.Role.ADMINISTRATOR, territories=[]
    ).values("account_id")
    return Account.objects.filter(residence_code__in=reach.municipalities()).exclude(pk__in=above)


def get_person_for(account: Any, public_id: UUID) -> Account:
    """Return someone whom the account looks after. Raises Http404."""
    found = people_managed_by(account).filter(public_id=public_id).first()
    if found is None:
        raise Http404("No such person.")
    return found


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
