"""Fills the demo's regions with people, communities and adverts: the same ones every time.

Everything follows from the seed, the real municipalities and today's date. Each region is written
in one transaction, so an interrupted load leaves nothing, and a region that has adverts is left as
it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connections, transaction

from branding.themes.queries import theme_current
from branding.themes.services import theme_draft, theme_publish
from communities.communities.models import Community, Membership
from core.accounts.models import Account, AccountSettings, Consent, RoleAssignment
from core.accounts.services import (
    AccountChanges,
    AccountDraft,
    account_create_verified,
    account_update,
    consent_give,
    role_grant,
)
from deploy.demo import (
    alerts,
    cast,
    choices,
    crossing,
    federation,
    imports,
    lifecycles,
    rides_done,
    sharing,
    validations,
)
from deploy.demo.region import Region, Scale
from rides.adverts.models import Advert, AdvertCommunity, Schedule
from rides.places.models import CarpoolPlace
from tenants.context import platform_scope, registry_scope, tenant_scope
from tenants.models import Tenant
from tenants.roles import quote

SEED: Final = 1


SCALES: Final = {
    "demo": Scale(people=700, communities=26, commutes=900, outings=150, served=40, shared=450),
    # Two large regions together: 70 000 members, 700 communities, 100 000 adverts.
    "full": Scale(
        people=35_000, communities=350, commutes=42_000, outings=6_000, served=40, shared=20_000
    ),
    # For tests: a region in a blink.
    "small": Scale(people=40, communities=6, commutes=30, outings=10, served=6, shared=10),
}

TAGLINES: Final = {
    "ouestgo": "Vers l’ouest, ensemble",
    "passpass": "La route se partage",
}


def _silent(_text: str) -> None:
    """Say nothing."""


def load(
    progress: Callable[[str], None] = _silent,
    *,
    scale: str = "demo",
) -> None:
    """Fill the demo's regions that are still empty; ``progress`` is told each step in words."""
    with registry_scope():
        tenants = {tenant.slug: tenant for tenant in Tenant.objects.all()}
    password_hash = _PasswordHash()
    for region in cast.REGIONS:
        tenant = tenants.get(region.slug)
        if tenant is None:
            continue
        with tenant_scope(tenant), transaction.atomic():
            _tagline_in(region.slug)
            _passwords_suffice()
            _cast_in(region.slug, password_hash)
            if Advert.objects.exists():
                continue
            progress(f"filling {region.name} with people, communities and adverts")
            Region(region, tenant, SCALES[scale], SEED, password_hash()).fill()
            sharing.fill(region.slug)
            alerts.fill(region.slug)
            validations.fill(region.slug)
            choices.fill()
            imports.fill(region.slug)
            lifecycles.fill(region.slug)
            rides_done.fill(region.slug, adverts=SCALES[scale].shared)
        _analyse(tenant)
    with platform_scope(reason="the demo's platform operator"), transaction.atomic():
        _cast_in(None, password_hash)
    federation.fill(tenants)
    crossing.fill(tenants)


def _tagline_in(slug: str) -> None:
    """Give the region's look its words, unless somebody has chosen some."""
    theme = theme_current()
    if theme is None or theme.tagline:
        return
    draft = theme_draft(
        name=theme.name,
        primary=theme.primary,
        secondary=theme.secondary,
        tagline=TAGLINES[slug],
        motif=theme.motif,
        radius=theme.radius,
        footer_text=theme.footer_text,
        links=theme.links,
        contact_email=theme.contact_email,
    )
    theme_publish(theme=draft)


def _passwords_suffice() -> None:
    """Let the demo's administrators in by password alone; real regions ask for a second factor."""
    if not AccountSettings.objects.exists():
        AccountSettings.objects.create(second_factor_required=False)


class _PasswordHash:
    """The hash of the one password of the demo: made on first use, and once, for it is slow."""

    def __init__(self) -> None:
        self._made = ""

    def __call__(self) -> str:
        self._made = self._made or make_password(cast.PASSWORD)
        return self._made


def _analyse(tenant: Tenant) -> None:
    """Let PostgreSQL look at what was written, before it plans a search on a guess."""
    models = (Account, Community, Membership, Advert, Schedule, AdvertCommunity, CarpoolPlace)
    tables = [f"{quote(tenant.schema_name)}.{quote(model._meta.db_table)}" for model in models]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def _said_by(one: cast.DemoAccount) -> AccountChanges:
    """Name, and what a registration asks beyond it; the latter not of the platform's operator."""
    said: AccountChanges = {"first_name": one.first_name, "last_name": one.last_name}
    if one.residence:
        said |= {
            "phone": one.phone,
            "title": one.title,
            "birth_date": dt.date(1986, 5, 14),
            "residence_code": one.residence,
        }
    return said


def _cast_in(slug: str | None, password_hash: _PasswordHash) -> None:
    """Make those of the cast's accounts of a region (``None``: the platform) that do not exist."""
    for one in cast.ACCOUNTS:
        if one.region != slug:
            continue
        account = Account.objects.filter(email=one.email).first()
        if account is not None:
            if not account.has_usable_password():
                _complete(account, one, password_hash)
            continue
        account = account_create_verified(
            draft=AccountDraft(
                email=one.email,
                password_hash=password_hash(),
                charter_version=AccountSettings.current().charter_version if one.residence else "",
                **_said_by(one),
            )
        )
        if one.role == cast.PLATFORM:
            account.is_platform_operator = True
            account.save(update_fields=["is_platform_operator"])
        elif one.role == cast.ADMINISTRATOR:
            role_grant(account=account, role=RoleAssignment.Role.ADMINISTRATOR)


def _complete(account: Account, one: cast.DemoAccount, password_hash: _PasswordHash) -> None:
    """What the first administrator, who came with the region, would do from the invitation."""
    account.password = password_hash()
    account.save(update_fields=["password"])
    account_update(account=account, **_said_by(one))
    consent_give(account=account, kind=Consent.Kind.CHARTER)
    EmailAddress.objects.update_or_create(
        user=account, email=account.email, defaults={"verified": True, "primary": True}
    )
