"""What the demo's regions share: an agreement that both signed, and rides that cross over.

Some people of each region travel in the other one: searching there finds them « Via … ». Another
agreement pools statistics; one more awaits the second signature.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from core.accounts.models import Account
from deploy.demo import cast, pooled
from regions.agreements.inputs import Terms
from regions.agreements.queries import agreements_of_region
from regions.agreements.services import agreement_propose, agreement_sign
from regions.projection.services import region_project
from rides.adverts.inputs import Place, Slot, Weekly
from rides.adverts.models import Advert
from rides.adverts.services import advert_publish
from rides.pooling.models import SharedAdvert, pooling_switch
from rides.pooling.services import adverts_sync
from tenants.context import tenant_scope
from tenants.models import Tenant

OFFERED: Final = 40
"""Adverts of the crowd of each region whose authors have said yes."""
CROSSING: Final = {
    # Who lives in one region and travels in the other: whether it is the member whose password
    # is printed (so that one can answer who asks), from, to, weekdays, out, back.
    "passpass": (
        (False, "35238", "35360", (0, 1, 2, 3), dt.time(7, 45), dt.time(17, 45)),
        (False, "35238", "44109", (0, 4), dt.time(7, 10), dt.time(18, 0)),
        (True, "59350", "35238", (6,), dt.time(15, 0), None),
        (True, "35238", "59350", (4,), dt.time(16, 30), None),
    ),
    "ouestgo": (
        (False, "59350", "59512", (0, 1, 2, 3, 4), dt.time(8, 0), dt.time(17, 30)),
        (False, "59350", "62041", (1, 3), dt.time(7, 30), dt.time(18, 15)),
        (False, "35238", "59350", (6,), dt.time(14, 0), None),
    ),
}
PUBLISHED: Final = dt.timedelta(days=120)
"""How long ago the rides that cross over were published."""
PURPOSE: Final = (
    "Permettre à qui voyage de l’Ouest aux Hauts-de-France, ou s’y installe, de trouver un trajet "
    "sans changer de service."
)


def fill(tenants: dict[str, Tenant]) -> None:
    """Let both regions share; nothing when one is missing, or when they already do."""
    west, north = tenants.get("ouestgo"), tenants.get("passpass")
    if west is None or north is None:
        return
    with tenant_scope(west):
        if agreements_of_region():
            return
    for tenant in (west, north):
        with tenant_scope(tenant), transaction.atomic():
            pooling_switch(enabled=True)
            _offer(tenant.slug)
    today = timezone.localdate()
    adverts = Terms(
        title="Mutualisation Ouest – Hauts-de-France",
        purpose=PURPOSE,
        pools=["adverts", "communities"],
        fields=["contribution", "wheelchair", "communities", "moderators"],
        starts_on=today - dt.timedelta(days=20),
        ends_on=today + dt.timedelta(days=700),
        text="Chaque région peut suspendre la convention à tout moment, avec effet immédiat.",
    )
    figures = Terms(
        title="Statistiques partagées",
        purpose="Publier ensemble des chiffres comparables, sur six personnes ou plus.",
        pools=["statistics"],
        starts_on=today - dt.timedelta(days=20),
    )
    longer = Terms(
        title="Mutualisation des communautés, 2027 et après",
        purpose="Garder ensemble les communautés à cheval sur nos régions.",
        pools=["communities"],
        starts_on=today + dt.timedelta(days=30),
    )
    with tenant_scope(west), transaction.atomic():
        actor = _administrator("ouestgo")
        made = agreement_propose(actor=actor, terms=adverts, partners=[north.slug])
    with tenant_scope(north), transaction.atomic():
        actor = _administrator("passpass")
        agreement_sign(agreement=made, actor=actor, version=made.version)
        shared = agreement_propose(actor=actor, terms=figures, partners=[west.slug])
        agreement_propose(actor=actor, terms=longer, partners=[west.slug])
    with tenant_scope(west), transaction.atomic():
        actor = _administrator("ouestgo")
        agreement_sign(agreement=shared, actor=actor, version=shared.version)
    pooled.fill([west, north])
    for tenant in (west, north):
        with tenant_scope(tenant), transaction.atomic():
            adverts_sync(list(SharedAdvert.objects.values_list("advert_id", flat=True)))
        region_project(tenant)


def _administrator(slug: str) -> Account:
    return Account.objects.get(email=cast.account(slug, cast.ADMINISTRATOR).email)


def _offer(slug: str) -> None:
    """Publish the rides that cross over, and say yes for them and for some of the crowd's."""
    people = list(
        Account.objects.filter(is_active=True).exclude(
            email__in=[one.email for one in cast.ACCOUNTS]
        )[: len(CROSSING[slug])]
    )
    offered = []
    member = Account.objects.get(email=cast.account(slug, cast.MEMBER).email)
    for somebody, (own, origin, destination, days, out, back) in zip(
        people, CROSSING[slug], strict=False
    ):
        advert = advert_publish(
            author=member if own else somebody,
            role=Advert.Role.DRIVER,
            origin=Place(origin),
            destination=Place(destination),
            planning=Weekly([Slot(day, out, back) for day in days]),
            seats=3,
        )
        offered.append(advert.pk)
    # Older than the crowd's: a region's home shows its own latest first, not rides of elsewhere.
    Advert.objects.filter(pk__in=offered).update(created_at=timezone.now() - PUBLISHED)
    offered += [key for key in pooled.towards_site(slug) if key not in offered][:OFFERED]
    now = timezone.now()
    SharedAdvert.objects.bulk_create(
        SharedAdvert(advert_id=key, agreed_at=now - dt.timedelta(days=3)) for key in offered
    )
