"""The words of what this app writes in the history of communities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit import actions


def register() -> None:
    """Give words to actions."""
    actions.register("pool.proposed", _("proposed to pool it with a partner region’s community"))
    actions.register("pool.accepted", _("pooled it with a partner region’s community"))
    actions.register("pool.declined", _("declined a partner region’s proposal"))
    actions.register("pool.withdrawn", _("took back a proposal to pool it"))
    actions.register("pool.renamed", _("renamed the pooled community"))
    actions.register("pool.left", _("detached it from the pooled community"))
    actions.register("pool.refused", _("tried an act on a pooled community that was refused"))
