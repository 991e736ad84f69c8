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
    residence: str = ""
    """INSEE code of the municipality; with it come a telephone, a title and a birth date."""
    password: str = PASSWORD

    @property
    def title(self) -> str:
        """Madame, or Monsieur."""
        return "mr" if self.first_name in {"Yann", "Karim"} else "mrs"

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

ACCOUNTS = (
    DemoAccount(
        "ouestgo", MEMBER, "ouestgo.localhost", "maelle@example.org", "Maëlle", "Le Gall", "35238"
    ),
    DemoAccount(
        "ouestgo", REFERENT, "ouestgo.localhost", "yann@example.org", "Yann", "Morvan", "35238"
    ),
    DemoAccount(
        "ouestgo",
        ADMINISTRATOR,
        "ouestgo.localhost",
        "admin-ouestgo@example.org",
        "Soizic",
        "Briand",
        "44109",
    ),
    DemoAccount(
        "passpass", MEMBER, "passpass.localhost", "lea@example.org", "Léa", "Vasseur", "59350"
    ),
    DemoAccount(
        "passpass",
        REFERENT,
        "passpass.localhost",
        "karim@example.org",
        "Karim",
        "Delattre",
        "59599",
    ),
    DemoAccount(
        "passpass",
        ADMINISTRATOR,
        "passpass.localhost",
        "admin-passpass@example.org",
        "Odile",
        "Caron",
        "80021",
    ),
    DemoAccount(None, PLATFORM, PLATFORM_HOST, "platform@example.org", "Camille", "Renard"),
)


def account(region: str | None, role: str) -> DemoAccount:
    """The account of a role in a region (``None``: the platform)."""
    return next(one for one in ACCOUNTS if (one.region, one.role) == (region, role))
