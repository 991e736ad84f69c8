"""What conversations refuse, each with its stable code; nothing was written then."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants.errors import PasserelleError


class MessageInvalidError(PasserelleError):
    """Nothing was written, or too much. Code ``invalid_message``."""

    def __init__(self, most: int) -> None:
        text = _("Write a message of 1 to %(most)d characters.") % {"most": most}
        super().__init__(text, code="invalid_message", fields={"body": text})


class NotReachableError(PasserelleError):
    """One of the two blocked the other; the words do not say who. Code ``not_reachable``."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("You cannot write to this person or travel with them."), code="not_reachable"
        )


class TooManyContactsError(PasserelleError):
    """As many new people as a day allows. Code ``too_many_contacts``."""

    status = 429

    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "You have written to %(most)d new people since yesterday, the most that a day "
                "allows. Try again tomorrow."
            )
            % {"most": most},
            code="too_many_contacts",
        )
