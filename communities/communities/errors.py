"""What communities refuse, each with its stable code."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    """The request to join was refused by the moderators. Code ``join_refused``."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("The people in charge of this community did not accept your request."),
            code="join_refused",
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
