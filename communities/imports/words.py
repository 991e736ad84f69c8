"""Why a row is refused, or what becomes of it, in words; a code each, and perhaps a detail."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Final[dict[str, str | Promise]] = {
    "no_email": _("There is no e-mail address in this row."),
    "bad_email": _("“%(detail)s” is no e-mail address."),
    "bad_standing": _("“%(detail)s” is no status: Member, Moderator, Pending or Refused."),
    "long_name": _("A name of more than 80 characters."),
    "characters": _("Characters that cannot be read. Check the encoding."),
    "same_row": _("The same address as in row %(detail)s, which counts."),
    "same_community": _("The same community as in row %(detail)s, which counts."),
    "refused_outside": _("Marked “Refused”: neither added nor invited."),
    "accepts": _("Was waiting, becomes a member."),
    "restores": _("Was refused, becomes a member."),
    "promotes": _("Becomes a moderator."),
    "demotes": _("Moderator, becomes a member."),
    "waits": _("Goes back among those who wait."),
    "refuses": _("Is refused."),
    "last_moderator": _("The community would have no moderator any more."),
    "oneself": _("This is you: your own status stays as it is."),
    "changed": _("Has left the community meanwhile."),
    "no_name": _("A community needs a name of 3 to 100 characters."),
    "bad_kind": _("“%(detail)s” is no type of community."),
    "bad_validation": _("“%(detail)s” is no type of validation."),
    "bad_yes_no": _("“%(detail)s” is neither yes nor no."),
    "bad_domains": _("“%(detail)s” is no domain. Example: ville.example"),
    "no_domains": _("Validation by domain needs at least one domain."),
    "no_place": _("There is no municipality in this row."),
    "bad_place": _("“%(detail)s” is no municipality that we know."),
    "which_place": _("Several municipalities are called “%(detail)s”: add the postal code."),
    "elsewhere": _("“%(detail)s” is outside this region."),
    "out_of_reach": _("“%(detail)s” is outside the territory that you look after."),
    "long_text": _("A text is too long in “%(detail)s”."),
    "invalid": _("The community cannot be created: %(detail)s"),
}
"""By code."""


def reason_of(code: str, detail: str = "") -> str:
    """Return a reason in words; empty for none."""
    if code not in REASONS:
        return ""
    return str(REASONS[code]) % {"detail": detail}
