"""The two regions of the demo, and the accounts whose passwords it prints.

Invented people at example.org; the same every time. Loaders of demo data make these accounts
with these words, and may add as many others as they like.
"""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "Passerelle-2026"  # noqa: S105 - printed by the demo, of no use elsewhere
PLATFORM_HOST = "platform.localhost"
MAIL_HOST = "mail.localhost"

MEMBER, REFERENT, ADMINISTRATOR, PLATFORM = "member", "referent", "administrator", "platform"


@dataclass(frozen=True)
class DemoRegion:
    """A region to onboard: ``codes`` are INSEE codes of régions."""

    slug: str
    name: str
    host: str
    console_host: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class DemoAccount:
    """Someone whose password is printed; ``region`` is a slug, or None for the platform."""

    region: str | None
    role: str
    host: str
    email: str
    first_name: str
    last_name: str
    title: str = ""
    """``mrs`` or ``mr``, as registration asks; empty for the platform's operator."""
    residence: str = ""
    """INSEE code of the municipality; empty for the platform's operator."""
    password: str = PASSWORD

    @property
    def phone(self) -> str:
        """A number that France keeps for fiction (06 39 98 ..), another for each."""
        return f"+3363998{1000 + ACCOUNTS.index(self):04}"


REGIONS = (
    DemoRegion("ouestgo", "OuestGo", "ouestgo.localhost", "admin.ouestgo.localhost", ("53", "52")),
    DemoRegion(
        "passpass",
        "Pass Pass covoiturage",
        "passpass.localhost",
        "admin.passpass.localhost",
        ("32",),
    ),
)

_OUESTGO, _PASSPASS = REGIONS


def _inhabitant(
    region: DemoRegion, role: str, mailbox: str, title: str, first: str, last: str, home: str
) -> DemoAccount:
    """Somebody of a region, who registered as anybody does."""
    email = f"{mailbox}@example.org"
    return DemoAccount(region.slug, role, region.host, email, first, last, title, home)


ACCOUNTS = (
    _inhabitant(_OUESTGO, MEMBER, "maelle", "mrs", "Maëlle", "Le Gall", "35238"),
    _inhabitant(_OUESTGO, REFERENT, "yann", "mr", "Yann", "Morvan", "56260"),
    _inhabitant(_OUESTGO, ADMINISTRATOR, "admin-ouestgo", "mrs", "Soizic", "Briand", "44109"),
    _inhabitant(_PASSPASS, MEMBER, "lea", "mrs", "Léa", "Vasseur", "59350"),
    _inhabitant(_PASSPASS, REFERENT, "karim", "mr", "Karim", "Delattre", "62041"),
    _inhabitant(_PASSPASS, ADMINISTRATOR, "admin-passpass", "mrs", "Odile", "Caron", "80021"),
    DemoAccount(None, PLATFORM, PLATFORM_HOST, "platform@example.org", "Camille", "Renard"),
)


def account(region: str | None, role: str) -> DemoAccount:
    """The account of a role in a region (``None``: the platform)."""
    return next(one for one in ACCOUNTS if (one.region, one.role) == (region, role))
