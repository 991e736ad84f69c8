"""What the demo holds: both regions, the accounts of ``cast``, and the generated people.

Everything is made through what a platform operator or a member would use, and only what is not
there yet: the second start finds it all.
"""

from __future__ import annotations

from collections.abc import Callable

from deploy.demo import cast


def make(say: Callable[[str], None], *, scale: str) -> None:
    """Migrate, load the municipalities, onboard the regions, fill them (``data.SCALES``)."""
    from regions.territories.services import territories_load

    _migrate(say)
    if territories_load(using="owner"):
        say("loaded France's municipalities")
    for region in cast.REGIONS:
        _onboard(region, say)
    from deploy.demo import data

    data.load(say, scale=scale)


def _migrate(say: Callable[[str], None]) -> None:
    from tenants.migration import Outcome, migrate_all

    def report(outcome: Outcome) -> None:
        if outcome.changed:
            say(f"migrated {outcome.schema} in {outcome.seconds:.1f} s")

    say("bringing the tables up to date")
    failed = [outcome for outcome in migrate_all(report) if outcome.error]
    if failed:
        reasons = "\n".join(f"  {outcome.schema}: {outcome.error}" for outcome in failed)
        raise RuntimeError(f"The tables could not be brought up to date:\n{reasons}")


def _onboard(region: cast.DemoRegion, say: Callable[[str], None]) -> None:
    from tenants.models import Tenant
    from tenants.provisioning import ProvisioningRequest, tenant_create

    if Tenant.objects.using("owner").filter(slug=region.slug).exists():
        return
    tenant_create(
        ProvisioningRequest(
            slug=region.slug,
            name=region.name,
            hosts=[region.host],
            console_host=region.console_host,
            extra={
                "regions": list(region.codes),
                "contact_email": f"contact@{region.slug}.example",
                "support_email": f"support@{region.slug}.example",
                "admin_email": cast.account(region.slug, cast.ADMINISTRATOR).email,
            },
        )
    )
    say(f"made the region {region.name}")


def searches() -> list[tuple[str, str]]:
    """(host, path) of searches that must find something before the demo calls itself ready."""
    ends = {"ouestgo": ("35238", "44109"), "passpass": ("59350", "80021")}  # Rennes to Nantes ...
    return [
        (
            region.host,
            "/api/v1/search/?regular=true&origin={}&destination={}".format(*ends[region.slug]),
        )
        for region in cast.REGIONS
    ]
