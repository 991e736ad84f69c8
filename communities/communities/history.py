"""The words of what services write in the history of communities."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community, Membership
from communities.communities.services import HISTORY
from core.audit import actions

KIND = "community"


def register() -> None:
    """Give words to actions, fields and values."""
    actions.register("community.updated", _("changed the community"))
    actions.register("community.moved", _("followed its municipality, whose code has changed"))
    actions.register("community.deleted", _("deleted the community"))
    actions.register("community.restored", _("brought the community back"))
    actions.register("community.purged", _("erased the community"))
    actions.register("community.exported", _("exported the list of members"))
    actions.register("community.identifiers", _("imported authorised identifiers"))
    actions.register("membership.undone", _("undid what they had just done"))
    actions.register("membership.accepted", _("accepted a member"))
    actions.register("membership.refused", _("refused a member"))
    actions.register("membership.waiting", _("put a member back among those who wait"))
    actions.register("membership.removed", _("removed a member"))
    actions.register("membership.added", _("added a member"))
    actions.register("membership.role", _("changed what a member may do"))
    own = {field.name: field.verbose_name for field in Community._meta.concrete_fields}
    fields: dict[str, Any] = {name: own[name] for name in HISTORY}
    fields |= {
        "municipality_code": own["municipality_code"],
        "domains": _("allowed domains"),
        "municipalities": _("municipalities"),
        "is_active": own["is_active"],
        "status": _("status"),
        "role": _("role"),
    }
    actions.register_fields(KIND, **fields)
    actions.register_values(KIND, "validation", **_labels(Community.Validation))
    actions.register_values(KIND, "organisation_kind", **_labels(Community.OrganisationKind))
    actions.register_values(KIND, "status", **_labels(Membership.Status))
    actions.register_values(KIND, "role", **_labels(Membership.Role))
    flags = ("identifiers_reusable", "adverts_hidden", "adverts_leave", "members_hidden")
    for name in (*flags, "is_active"):
        actions.register_values(KIND, name, **{"True": _("Yes"), "False": _("No")})


def _labels(choices: Any) -> dict[str, Any]:
    return {one.value: one.label for one in choices}
