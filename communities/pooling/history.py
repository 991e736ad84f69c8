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
    actions.register_refusals(
        "pool.refused",
        tried={
            "pool.proposed": _("Proposing to pool it"),
            "pool.accepted": _("Accepting a proposal"),
            "pool.declined": _("Declining a proposal"),
            "pool.withdrawn": _("Taking a proposal back"),
            "pool.renamed": _("Renaming the pooled community"),
            "pool.left": _("Detaching it"),
        },
        why={
            "with_itself": _("the other community was of the same region"),
            "no_agreement": _("no agreement in force with that region"),
            "unknown_community": _("that region has no such community"),
            "already_pooled": _("both were pooled with others"),
            "already_together": _("they were one already"),
            "region_already_in": _("a region had a community there already"),
            "already_proposed": _("a proposal awaited an answer already"),
            "not_waiting": _("the proposal had been answered or taken back"),
            "not_pooled": _("it was pooled with no other any more"),
            "name_invalid": _("the name had not 3 to 100 characters"),
            "community_closed": _("the community was closed"),
        },
    )
