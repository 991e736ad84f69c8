"""What follows an act on an agreement, and what time does to agreements."""

from __future__ import annotations

from tenants.context import platform_scope, registry_scope, tenant_scope
from tenants.models import Tenant
from tenants.tasks import platform_task


@platform_task
def take_effect(slugs: list[str]) -> None:
    """Let the apps of each party act upon what it may share now."""
    from regions.agreements.effects import EFFECTS

    with registry_scope():
        parties = list(Tenant.objects.filter(slug__in=slugs).order_by("pk"))
    for tenant in parties:
        with tenant_scope(tenant):
            for effect in EFFECTS:
                effect.changed()


@platform_task
def tell(act: int, said: str) -> None:
    """Write to administrators of the parties other than the one whose act (key) it is."""
    from regions.agreements.models import Act
    from regions.agreements.notices import tell_administrators

    with platform_scope(reason="parties are told of an act"):
        done = Act.objects.select_related("agreement", "tenant").filter(pk=act).first()
        if done is None:
            return
        others = done.agreement.parties.exclude(tenant=done.tenant_id).select_related("tenant")
        parties = [party.tenant for party in others.order_by("pk")]
    for tenant in parties:
        with tenant_scope(tenant):
            tell_administrators(done, said)


@platform_task
def turn_of_the_day() -> None:
    """End agreements whose last day is over, let those that start today take effect (nightly)."""
    from regions.agreements.queries import starting_today
    from regions.agreements.services import agreements_lapse

    with platform_scope(reason="agreements begin and end"):
        agreements_lapse()
        slugs = starting_today()
    if slugs:
        take_effect.enqueue(slugs=slugs)
