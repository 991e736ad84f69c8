"""What a name, a telephone number and a date of birth may be. Enforced here, shown by forms."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ADULT_AGE = 18
# Where a region lets minors register: the age at which French law lets a person consent alone
# to the processing of their data.
MINOR_AGE = 15
OLDEST_AGE = 120

# Mainland France, then the overseas numbering plans (0692… is dialled alike in La Réunion).
PHONE_REGIONS = ("FR", "RE", "YT", "GP", "MQ", "GF", "BL", "MF", "PM", "NC", "PF", "WF")
_REFUSED_TYPES = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.PAGER,
        phonenumbers.PhoneNumberType.VOICEMAIL,
    }
)
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.\- ]*(?:[ '’.\-]+[^\W\d_]*)*\.?")


def clean_name(value: str) -> str:
    """Return a name with single spaces; refuse digits, signs and links with ``ValidationError``."""
    name = " ".join(unicodedata.normalize("NFC", value).split())
    if not _NAME.fullmatch(name):
        raise ValidationError(
            _("A name is written with letters, spaces, hyphens and apostrophes."),
            code="name_invalid",
        )
    return name


def clean_phone(value: str) -> str:
    """Return a French number, mobile or landline, in E.164; refuse others with ``ValidationError``.

    ``06 12 34 56 78`` → ``+33612345678``; ``0692 12 34 56`` → ``+262692123456``.
    """
    for region in PHONE_REGIONS:
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            continue
        if (
            phonenumbers.is_valid_number(number)
            and phonenumbers.region_code_for_number(number) in PHONE_REGIONS
            and phonenumbers.number_type(number) not in _REFUSED_TYPES
            and not number.extension
        ):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise ValidationError(
        _("Enter a French telephone number, such as 06 12 34 56 78."), code="phone_invalid"
    )


def phone_for_people(value: str) -> str:
    """Return a stored number as people write it: ``+33612345678`` → ``06 12 34 56 78``."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def age_on(birth_date: date, day: date) -> int:
    """Return the age in whole years; someone born on 29 February is older from 1 March."""
    before = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before


def check_birth_date(value: date, *, minors_allowed: bool) -> None:
    """Refuse a date in the future, beyond the oldest age or too young with ``ValidationError``."""
    today = timezone.localdate()
    if value > today:
        raise ValidationError(_("This date is in the future."), code="birth_date_future")
    age = age_on(value, today)
    if age > OLDEST_AGE:
        raise ValidationError(
            _("Check the year: nobody is more than %(age)d years old.") % {"age": OLDEST_AGE},
            code="birth_date_too_old",
        )
    youngest = MINOR_AGE if minors_allowed else ADULT_AGE
    if age < youngest:
        raise ValidationError(
            _("You must be at least %(age)d to register.") % {"age": youngest},
            code="birth_date_too_young",
        )
