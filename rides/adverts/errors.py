"""Typed errors of adverts."""

from __future__ import annotations

from tenants.errors import PasserelleError


class AdvertError(PasserelleError):
    """An advert cannot be what was asked; nothing was changed.

    Codes: ``invalid_advert`` (``fields`` says what is wrong with each input), ``advert_over`` (its
    last ride is in the past), ``advert_deleted``, ``not_renewable``; of one ride of one day
    ``no_such_ride``, ``ride_past``, ``ride_order``.
    """
