"""Is this an address that somebody can be reached at? Pure functions, no network."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

NOWHERE: Final = frozenset({"invalid", "localhost", "local", "internal", "localdomain"})
"""Last words of domains that no mail server on the internet answers for."""


def validate_email_usable(address: str) -> None:
    """Refuse, with ``ValidationError``, an address that cannot receive mail from outside.

    Beyond Django's own rule: no machine on a private network (``@localhost``, ``@server.local``),
    no bare IP address, no address that announces that nobody reads it (``no-reply@``).
    """
    validate_email(address)
    name, _at, domain = address.rpartition("@")
    last = domain.rpartition(".")[2].lower()
    if "." not in domain or domain.startswith("[") or last in NOWHERE or last.isdecimal():
        raise ValidationError(
            _("No mail can reach this address. Give one that people can write to."),
            code="unreachable",
        )
    if name.lower().replace("-", "").replace("_", "").replace(".", "") in {
        "noreply",
        "nepasrepondre",
    }:
        raise ValidationError(_("Nobody reads this address. Give one that is read."), code="unread")
