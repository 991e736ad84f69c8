"""Sentences about adverts that several pages say."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rides.adverts.models import Advert
from rides.adverts.settings import RidesSettings, school_zone_of


def holiday_words(*, school: bool, public: bool, zone: str) -> Iterator[str]:
    """Which holidays a regular advert avoids; ``zone`` is empty where no calendar is known."""
    if school and zone:
        yield _("Not during school holidays (zone %(zone)s)") % {"zone": zone}
    elif school:
        yield _(
            "Not during school holidays: we do not know the calendar of this place, so cancel "
            "those days yourself"
        )
    if public:
        yield _("Not on public holidays")


def advert_holidays(advert: Advert, rules: RidesSettings) -> list[str]:
    """Which holidays an advert avoids, in words; nothing for a one-off one."""
    if advert.kind == Advert.Kind.ONE_OFF:
        return []
    return list(
        holiday_words(
            school=not advert.school_holidays,
            public=not advert.public_holidays,
            zone=school_zone_of(advert.origin_code, rules),
        )
    )
