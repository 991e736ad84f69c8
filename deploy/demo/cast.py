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
    password: str = PASSWORD


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
    DemoAccount("ouestgo", MEMBER, "ouestgo.localhost", "maelle@example.org", "Maëlle", "Le Gall"),
    DemoAccount("ouestgo", REFERENT, "ouestgo.localhost", "yann@example.org", "Yann", "Morvan"),
    DemoAccount(
        "ouestgo",
        ADMINISTRATOR,
        "ouestgo.localhost",
        "admin-ouestgo@example.org",
        "Soizic",
        "Briand",
    ),
    DemoAccount("passpass", MEMBER, "passpass.localhost", "lea@example.org", "Léa", "Vasseur"),
    DemoAccount(
        "passpass", REFERENT, "passpass.localhost", "karim@example.org", "Karim", "Delattre"
    ),
    DemoAccount(
        "passpass",
        ADMINISTRATOR,
        "passpass.localhost",
        "admin-passpass@example.org",
        "Odile",
        "Caron",
    ),
    DemoAccount(None, PLATFORM, PLATFORM_HOST, "platform@example.org", "Camille", "Renard"),
)


def account(region: str | None, role: str) -> DemoAccount:
    """The account of a role in a region (``None``: the platform)."""
    return next(one for one in ACCOUNTS if (one.region, one.role) == (region, role))
