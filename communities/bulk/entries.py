"""Where acts on whole lists meet the rest: the bar of the list of members, words of the history."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communities.bulk.console.views import begin
from communities.bulk.words import NAMES
from communities.communities.blocks import WholeList, register_whole_list
from core.audit import actions


def register() -> None:
    """Fill the registries of the floors below."""
    register_whole_list(WholeList("bulk", begin))
    actions.register("membership.bulk", _("changed many members at once"))
    actions.register("membership.bulk_undone", _("undid a change of many members"))
    actions.register_fields(
        "community",
        bulk_act=_("Change of members"),
        bulk_people=_("People in the list"),
        bulk_done=_("People changed"),
        bulk_nothing=_("People who were so already"),
        bulk_gone=_("People who had left"),
        bulk_last_moderator=_("Last moderator, left as they were"),
        bulk_undone=_("People brought back"),
    )
    actions.register_values("community", "bulk_act", **NAMES)
