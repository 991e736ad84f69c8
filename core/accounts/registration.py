"""What upper floors add to the last step of registration, and to the profile page.

A floor registers one ``RegistrationExtra`` in its ``AppConfig.ready``::

    class ResidenceExtra(RegistrationExtra):
        name = "residence"
        order = 10
        in_profile = True

        def fields(self) -> dict[str, forms.Field]:
            return {"residence": MunicipalityField(label=_("Municipality of residence"))}

        def initial(self, account: Account) -> dict[str, object]:
            return {"residence": account.residence_code}

        def complete(self, *, account: Account, cleaned: Mapping[str, Any]) -> None:
            account_update(account=account, residence_code=cleaned["residence"].code)

    register_extra(ResidenceExtra())

The account exists, with a verified address, when ``complete`` runs: it runs once the person has
given the code, in the transaction that creates the account, in the tenant's scope. What was
typed is kept as typed until then and cleaned again, so ``clean`` and the fields may refuse late:
an extra that refuses *after* the code is skipped, never fatal (see ``flows.signup``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django import forms

    from core.accounts.models import Account


class RegistrationExtra:
    """Fields of a floor in registration step 3. Subclass, override, ``register_extra``."""

    #: Unique; also the prefix that field names should carry to stay apart.
    name: str = ""
    #: Ascending position among extras (the consents come after all).
    order: int = 50
    #: Whether the profile's form shows the same fields (``initial``, ``update``).
    in_profile: bool = False

    def fields(self) -> Mapping[str, forms.Field]:
        """Return the form fields by name; asked on every form, inside the tenant's scope."""
        return {}

    def clean(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Check across fields; raise ``forms.ValidationError`` (with a dict to name fields)."""
        return cleaned

    def complete(self, *, account: Account, cleaned: Mapping[str, Any]) -> None:
        """Do what was chosen, for the account just made."""

    def initial(self, account: Account) -> Mapping[str, Any]:
        """Return what the profile's form shows first."""
        return {}

    def update(self, *, account: Account, cleaned: Mapping[str, Any]) -> None:
        """Do what was chosen in the profile's form; by default the same as ``complete``."""
        self.complete(account=account, cleaned=cleaned)

    def summary(self, account: Account) -> Mapping[str, str]:
        """Return what the profile page shows: translated label → value."""
        return {}


_extras: dict[str, RegistrationExtra] = {}


def register_extra(extra: RegistrationExtra) -> None:
    """Add a floor's fields; a second one of the same name replaces the first."""
    if not extra.name:
        raise ValueError("A registration extra needs a name.")
    _extras[extra.name] = extra


def extras() -> tuple[RegistrationExtra, ...]:
    """Return the extras in the order in which they are shown."""
    return tuple(sorted(_extras.values(), key=lambda extra: (extra.order, extra.name)))


def profile_extras() -> tuple[RegistrationExtra, ...]:
    """Return the extras that the profile's form shows too."""
    return tuple(extra for extra in extras() if extra.in_profile)
