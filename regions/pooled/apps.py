"""The application "pooled"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PooledConfig(AppConfig):
    """Communities that straddle regions. Public schema."""

    name = "regions.pooled"
    label = "pooled"
    verbose_name = _("Pooled communities")

    def ready(self) -> None:
        """Apply events of communities, follow agreements; let regions ask."""
        from regions.agreements.effects import EFFECTS, Effect
        from regions.pooled import listing, services, tasks
        from regions.projection.handlers import HANDLERS, Handler
        from tenants import provisioning, roles

        HANDLERS.register(
            Handler(name=listing.KIND, versions=(listing.VERSION,), apply=listing.apply)
        )
        provisioning.register_farewell("pooled", services.region_leave)
        EFFECTS.register(Effect(name="pooled", changed=tasks.purge.enqueue, order=50))
        roles.allow_execute(
            "pooled_find(text, text[])", "pooled_view(uuid)", "pooled_own()", "pooled_listed()"
        )
