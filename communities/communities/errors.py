"""What communities refuse, each with its stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.shell import humanise
from tenants.errors import PasserelleError


class CommunityInvalidError(PasserelleError):
    """What was typed or sent cannot be a community. Code ``community_invalid``."""

    def __init__(self, fields: Mapping[str, str | Promise]) -> None:
        super().__init__(
            _("The community cannot be created yet."), code="community_invalid", fields=fields
        )


class SameNameError(PasserelleError):
    """Another community has this name, and nobody said it is meant. Code ``same_name``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("A community with this name already exists."),
            code="same_name",
            fields={"name": _("A community with this name already exists.")},
        )


class EmailNotVerifiedError(PasserelleError):
    """Creating a community needs a verified e-mail address. Code ``email_not_verified``."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("Confirm your e-mail address first, then create your community."),
            code="email_not_verified",
        )


class LogoRefusedError(PasserelleError):
    """The file is no picture that we take. Code ``logo_refused``."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message, code="logo_refused", fields={"logo": message})


class JoinRefusedError(PasserelleError):
    """The moderators refused the person, who may ask again later. Code ``join_refused``.

    ``again_at`` is that moment.
    """

    status = 403

    def __init__(self, again_at: datetime | None = None) -> None:
        self.again_at = again_at
        words: str | Promise = _(
            "The people in charge of this community did not accept your request."
        )
        if again_at is not None:
            words = _(
                "The people in charge of this community did not accept your request. "
                "You can ask again from %(day)s."
            ) % {"day": humanise.day(again_at)}
        super().__init__(words, code="join_refused")


class DomainNotAllowedError(PasserelleError):
    """No verified address of the person is in a listed domain. Code ``domain_not_allowed``."""

    status = 403

    def __init__(self, domains: Sequence[str]) -> None:
        super().__init__(
            _(
                "This community is for people whose confirmed e-mail address ends in %(domains)s. "
                "Change your address in your profile, then come back."
            )
            % {"domains": ", ".join(f"@{domain}" for domain in domains)}
            if domains
            else _("This community lists no domain yet: nobody can join it for now."),
            code="domain_not_allowed",
        )


class IdentifierRefusedError(PasserelleError):
    """The identifier is unknown there, or somebody has used it. Code ``identifier_refused``."""

    status = 403

    def __init__(self, tries_left: int) -> None:
        self.tries_left = tries_left
        words = _("This identifier is not accepted. Check it with the people in charge.")
        super().__init__(words, code="identifier_refused", fields={"identifier": words})


class TooManyTriesError(PasserelleError):
    """Five identifiers in a quarter of an hour. Code ``too_many_tries``; ``until`` is the end."""

    status = 429

    def __init__(self, until: datetime) -> None:
        self.until = until
        words = _("You have tried five times. Try again from %(time)s.") % {
            "time": humanise.clock(timezone.localtime(until + timedelta(minutes=1)).time())
        }
        super().__init__(words, code="too_many_tries", fields={"identifier": words})


class IdentifiersUnreadableError(PasserelleError):
    """The file holds no identifiers that we can read. Code ``identifiers_unreadable``."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message, code="identifiers_unreadable", fields={"file": message})


class MembershipChangedError(PasserelleError):
    """Nobody is there to answer: the person left meanwhile. Code ``membership_changed``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This person has left the community meanwhile."), code="membership_changed"
        )


class CommunityDeletedError(PasserelleError):
    """The community was deleted: its members stay as they were. Code ``community_deleted``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This community is deleted: bring it back before you change its members."),
            code="community_deleted",
        )


class LastModeratorError(PasserelleError):
    """The only moderator cannot leave. Code ``last_moderator``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _(
                "You are the only person who runs this community. Before you leave, "
                "someone else has to take over as moderator."
            ),
            code="last_moderator",
        )


class TooLateToRestoreError(PasserelleError):
    """The community was deleted more than thirty days ago. Code ``too_late``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This community was deleted more than 30 days ago: it cannot come back."),
            code="too_late",
        )


class UndoTooLateError(PasserelleError):
    """What was done can no longer be undone in one click. Code ``undo_too_late``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("It is too late to undo this: change each person's status instead."),
            code="undo_too_late",
        )
