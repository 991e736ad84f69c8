"""The application "pool"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_SEARCH = (
    "pool_search(bigint[], bigint[], text[], smallint, smallint, date[], date, date, float8[], "
    "boolean, boolean)"
)


class PoolConfig(AppConfig):
    """What regions pool: a read model. Public schema."""

    name = "regions.pool"
    label = "pool"
    verbose_name = _("Pooled adverts")

    def ready(self) -> None:
        """Apply events of adverts, copy cards, follow agreements; let regions ask."""
        from branding.themes.watchers import WATCHERS, Watcher
        from regions.agreements.effects import EFFECTS, Effect
        from regions.pool import adverts, services, tasks
        from regions.projection.handlers import HANDLERS, Handler
        from tenants import roles

        HANDLERS.register(
            Handler(name=adverts.KIND, versions=(adverts.VERSION,), apply=adverts.apply)
        )
        WATCHERS.register(Watcher(name="pool", published=services.card_copy))
        EFFECTS.register(Effect(name="pool", changed=tasks.purge.enqueue, order=50))
        roles.allow_execute(_SEARCH, "pool_get(uuid)", "pool_common(uuid)", "pool_own()")
        roles.allow_execute(
            "pool_partners()", "pool_cards()", "pool_home(uuid)", "pool_emblem(text)"
        )
