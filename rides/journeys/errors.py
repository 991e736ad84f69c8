"""What journeys refuse, each with its stable code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants.errors import PasserelleError


class JourneyClosedError(PasserelleError):
    """The seven days in which people say how it went are over. Code ``journey_closed``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This ride was more than seven days ago: what was said of it stands."),
            code="journey_closed",
        )
