"""What acts on whole lists refuse, each with its stable code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants.errors import PasserelleError


class NobodyChosenError(PasserelleError):
    """The list holds nobody, or the act is none. Code ``nobody_chosen``."""

    def __init__(self) -> None:
        super().__init__(_("Nobody in this list can be changed like this."), code="nobody_chosen")


class CommunityClosedError(PasserelleError):
    """The community was closed or deleted. Code ``community_closed``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This community is closed: its members stay as they are."), code="community_closed"
        )
