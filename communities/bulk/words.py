"""Acts on whole lists in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

NAMES: Final[dict[str, str | Promise]] = {
    "accept": _("Accept them"),
    "member": _("Make them members"),
    "moderator": _("Make them moderators"),
    "pending": _("Put them back among those who wait"),
    "refused": _("Refuse them"),
    "remove": _("Remove them from the community"),
}
"""By act: the button that does it."""


def question(act: str, count: int) -> str:
    """Return what is asked before an act on so many people."""
    words = {
        "accept": ngettext("Accept %(count)d person?", "Accept %(count)d people?", count),
        "member": ngettext(
            "Make %(count)d person a member?", "Make %(count)d people members?", count
        ),
        "moderator": ngettext(
            "Make %(count)d person a moderator?", "Make %(count)d people moderators?", count
        ),
        "pending": ngettext(
            "Put %(count)d person back among those who wait?",
            "Put %(count)d people back among those who wait?",
            count,
        ),
        "refused": ngettext("Refuse %(count)d person?", "Refuse %(count)d people?", count),
        "remove": ngettext(
            "Remove %(count)d person from the community?",
            "Remove %(count)d people from the community?",
            count,
        ),
    }
    return words[act] % {"count": count}
