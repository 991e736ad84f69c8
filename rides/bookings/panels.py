"""What upper apps add to a booking's page: writing to the other person, saying how it went."""

from __future__ import annotations

from typing import Final

from core.shell.panels import Panels
from rides.bookings.models import Booking

BOOKING_PANELS: Final = Panels[Booking]("panel of bookings")
