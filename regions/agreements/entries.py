"""The menus of both consoles, and the words of history."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.access import is_platform_operator
from core.audit import actions
from core.shell import menu
from regions.agreements import access
from regions.agreements.queries import signatures_awaited


def _administrators(request: HttpRequest) -> bool:
    return access.can_manage(request.user)


def _awaited(request: HttpRequest) -> int:
    return signatures_awaited()


def _operators(request: HttpRequest) -> bool:
    return is_platform_operator(request.user)


def register() -> None:
    """Fill the registries of the floors below."""
    menu.register(
        menu.MenuEntry(
            name="agreements",
            label=_("Agreements"),
            url="agreements:list",
            icon="share",
            place="console",
            order=85,
            visible=_administrators,
            badge=_awaited,
            badge_label=_("to sign"),
        )
    )
    menu.register(
        menu.MenuEntry(
            name="platform-agreements",
            label=_("Agreements"),
            url="agreements-platform:all",
            icon="share",
            place="main",
            order=12,
            visible=_operators,
            host="platform",
        )
    )
    for code, words in (
        ("agreement.proposed", _("proposed the agreement")),
        ("agreement.amended", _("proposed another version of the agreement")),
        ("agreement.signed", _("signed the agreement")),
        ("agreement.suspended", _("suspended the agreement")),
        ("agreement.resumed", _("resumed the agreement")),
        ("agreement.ended", _("ended the agreement")),
        ("agreement.declined", _("declined the agreement")),
        ("agreement.withdrawn", _("withdrew its proposal")),
        ("agreement.refused", _("tried an act on an agreement that was refused")),
    ):
        actions.register(code, words)
    actions.register_refusals(
        "agreement.refused",
        tried={
            "agreement.proposed": _("Proposing an agreement"),
            "agreement.amended": _("Proposing another version"),
            "agreement.signed": _("Signing it"),
            "agreement.suspended": _("Suspending it"),
            "agreement.resumed": _("Resuming it"),
            "agreement.ended": _("Ending it"),
        },
        why={
            "invalid_agreement": _("what it said could not hold"),
            "not_a_party": _("the region was no party to it"),
            "wrong_state": _("it had changed meanwhile"),
            "version_changed": _("another version had been proposed"),
            "already_signed": _("the region had signed it already"),
            "dates_over": _("its last day was past"),
            "not_yours_to_resume": _("another region had suspended it"),
        },
    )
