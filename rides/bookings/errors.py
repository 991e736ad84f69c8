"""What bookings refuse, each with its stable code; nothing was changed then."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.errors import PasserelleError


class BookingError(PasserelleError):
    """A booking cannot be what was asked.

    Codes: ``invalid_booking`` (``fields`` says what is wrong with each input), ``own_advert``,
    ``already_booked``, ``ride_past`` and those of the classes below.
    """


class BookingInvalidError(BookingError):
    """Some of what was asked needs correcting. Code ``invalid_booking``."""

    def __init__(self, fields: Mapping[str, str | Promise]) -> None:
        super().__init__(
            _("Nothing is booked yet: some of it needs correcting."),
            code="invalid_booking",
            fields=fields,
        )


class AdvertUnavailableError(BookingError):
    """The advert was paused or deleted, or its last ride has left. Code ``advert_unavailable``."""

    status = 409

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message, code="advert_unavailable")


class FullError(BookingError):
    """No seat is left on some of the rides asked for. Code ``full``."""

    status = 409

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message, code="full", fields={"dates": message})


class StatusAlreadySetError(BookingError):
    """The booking is no longer in the state that the action needs. Code ``status_already_set``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This booking has changed in the meantime: read its state again."),
            code="status_already_set",
        )
