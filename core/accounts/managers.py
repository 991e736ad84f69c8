"""How accounts are made and removed in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models, router

from core.accounts.deletion import SchemaCollector

if TYPE_CHECKING:
    from core.accounts.models import Account


def normalise_email(email: str) -> str:
    """Return the one form in which an address is stored and compared: trimmed, lower case."""
    return email.strip().lower()


class AccountQuerySet(models.QuerySet["Account"]):
    """Accounts of the current schema."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete these accounts and what hangs on them in this schema."""
        if self.query.is_sliced:
            raise TypeError("Cannot use 'limit' or 'offset' with delete().")
        chosen: str | None = getattr(self, "_db", None)
        using = chosen or router.db_for_write(self.model)
        collector = SchemaCollector(using=using, origin=self)
        collector.collect(self.using(using).order_by())
        deleted: tuple[int, dict[str, int]] = collector.delete()
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def active(self) -> AccountQuerySet:
        """Return those that may sign in."""
        return self.filter(is_active=True)


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts with a normalised address and a hashed password."""

    def get_queryset(self) -> AccountQuerySet:
        """Return accounts of the current schema, but not guests."""
        return AccountQuerySet(self.model, using=self._db).filter(guest_from="")

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account of an address, whatever its case."""
        return self.get(email=normalise_email(username or ""))

    def _create(self, email: str, password: str | None, **fields: Any) -> Account:
        if not email or not email.strip():
            raise ValueError("An account needs an e-mail address.")
        account = self.model(email=normalise_email(email), **fields)
        account.set_password(password)  # None: unusable
        account.save(using=self._db)
        return account

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Account:
        """Create a member. The address is *not* marked as verified: services do that."""
        fields.setdefault("is_platform_operator", False)
        return self._create(email, password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Account:
        """Create a platform operator (``createsuperuser --database owner``, public schema)."""
        fields["is_platform_operator"] = True
        return self._create(email, password, **fields)
