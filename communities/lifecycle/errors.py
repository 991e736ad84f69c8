"""What the life of a community refuses, each with its stable code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants.errors import PasserelleError


class ContactMissingError(PasserelleError):
    """Deleting for inactivity needs a logged contact with who runs it. Code ``contact_missing``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _(
                "This community is inactive: before it is deleted, log a contact with the people "
                "who run it since its last activity."
            ),
            code="contact_missing",
        )


class ContactInvalidError(PasserelleError):
    """A contact that has not taken place yet, or with nobody. Code ``contact_invalid``."""

    status = 422

    def __init__(self, **fields: str) -> None:
        super().__init__(
            _("This contact cannot be logged yet."), code="contact_invalid", fields=fields
        )


class VoteClosedError(PasserelleError):
    """The vote is over. Code ``vote_closed``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("This vote is over."), code="vote_closed")


class NotACandidateError(PasserelleError):
    """The person chosen is no candidate any more. Code ``not_a_candidate``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This person is no longer a candidate: choose somebody else."),
            code="not_a_candidate",
        )


class OfferClosedError(PasserelleError):
    """The offer was answered or taken back. Code ``offer_closed``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This offer has been answered or taken back meanwhile."), code="offer_closed"
        )


class OfferOpenError(PasserelleError):
    """Somebody else is being asked already. Code ``offer_open``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has been asked already: wait for their answer, or take it back."),
            code="offer_open",
        )


class SuccessorRefusedError(PasserelleError):
    """The person is no plain member of the community. Code ``successor_refused``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Choose a member of the community who does not run it yet."),
            code="successor_refused",
        )


class NotArchivedError(PasserelleError):
    """Only an archived community is opened again. Code ``not_archived``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("This community is not archived."), code="not_archived")
