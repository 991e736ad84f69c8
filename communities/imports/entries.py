"""Where imports meet the rest: words of the history, personal data."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.communities import inviting
from communities.communities.blocks import ConsoleAction, register_console_action
from communities.communities.models import Community
from communities.imports import access, invitations, own_data
from core.audit import actions


def _members(request: HttpRequest, community: Community | None) -> str:
    """« Import d'usagers », into one community or into one of one's own."""
    if community is not None:
        if not community.is_active:
            return ""
        return f"{reverse('imports-console:members')}?communaute={community.slug}"
    may = access.can_import_members(request.user)
    return reverse("imports-console:members") if may else ""


def _communities(request: HttpRequest, community: Community | None) -> str:
    """« Import », at the head of the list alone; files sent so far for who makes no communities."""
    if community is not None or not access.can_import_members(request.user):
        return ""
    makes = access.can_import_communities(request.user)
    return reverse("imports-console:communities" if makes else "imports-console:list")


def register() -> None:
    """Fill the registries of the floors below."""
    register_console_action(
        ConsoleAction("members", _("Import of members"), _members, icon="upload", order=10)
    )
    register_console_action(
        ConsoleAction("communities", _("Import of communities"), _communities, "upload", order=20)
    )
    inviting.register(inviting.Inviter("invitations", invitations.person_bring))
    actions.register("import.sent", _("sent a file to import"))
    actions.register("import.started", _("started an import"))
    actions.register("import.resumed", _("resumed an import"))
    actions.register("import.exported", _("downloaded the report of an import"))
    actions.register("import.done", _("imported a file"))
    actions.register("import.dropped", _("gave up an import"))
    actions.register("community.imported", _("imported the community"))
    for kind in ("community", "import"):
        actions.register_fields(
            kind,
            file_name=_("Name of the file"),
            rows=_("Rows of the file"),
            rows_done=_("Rows imported"),
            rows_nothing=_("Rows with nothing to change"),
            rows_refused=_("Rows not imported"),
        )
    own_data.register()
