"""« Réserver » and what follows, without JavaScript; a refused form keeps what was typed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from core.shell.forms import ChoiceCards, DateInput
from regions.territories.forms import MunicipalityField
from rides.adverts.inputs import Place, RideKey
from rides.adverts.models import LABEL_LENGTH, Advert
from rides.bookings.dates import Groups, Ride
from rides.bookings.errors import FullError
from rides.bookings.inputs import Request, Wanted
from rides.bookings.models import MESSAGE_LENGTH, REASON_LENGTH, Booking
from rides.bookings.services import booking_request
from rides.bookings.site.choices import key_value, parse_key, parse_week, ride_rows, week_rows
from tenants.errors import PasserelleError

WEEKS, DATES = "weeks", "dates"
DETAIL_LENGTH: Final = 60
SOON: Final = 5
"""So many days show at once; the others are one press away."""
_UNKNOWN: Final = {"invalid_choice": _("One of these rides does not exist.")}


class BookingForm(forms.Form):
    """Which rides of an advert, how many seats, where, and a word to the other person."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    role = forms.ChoiceField(
        label=_("On these rides, you are"),
        choices=[("passenger", _("Passenger")), ("driver", _("Driver"))],
        widget=ChoiceCards(
            cards={
                "passenger": ("passenger", _("I get in with this person.")),
                "driver": ("car", _("I take this person along.")),
            }
        ),
        initial="passenger",
    )
    when = forms.ChoiceField(
        label=_("When do you want to share this ride?"),
        choices=[(WEEKS, _("Every week")), (DATES, _("On some dates only"))],
        widget=ChoiceCards(
            cards={
                WEEKS: ("repeat", _("The same days each week, until you stop.")),
                DATES: ("calendar", _("A single day, or a few: you choose them.")),
            }
        ),
        initial=DATES,
    )
    weeks = forms.MultipleChoiceField(
        label=_("Days of the week"), required=False, error_messages=_UNKNOWN
    )
    rides = forms.MultipleChoiceField(
        label=_("Rides to book"), required=False, error_messages=_UNKNOWN
    )
    first = forms.DateField(label=_("From this day on"), required=False, widget=DateInput)
    last = forms.DateField(label=_("Until this day"), required=False, widget=DateInput)
    seats = forms.IntegerField(
        label=_("Seats for you"), min_value=1, initial=1, widget=forms.NumberInput
    )
    pickup = MunicipalityField(label=_("I get in at"), located=True, required=False)
    pickup_detail = forms.CharField(
        label=_("Precisely where I get in"), required=False, max_length=DETAIL_LENGTH
    )
    dropoff = MunicipalityField(label=_("I get out at"), located=True, required=False)
    dropoff_detail = forms.CharField(
        label=_("Precisely where I get out"), required=False, max_length=DETAIL_LENGTH
    )
    may_wait = forms.BooleanField(
        label=_("If no seat is left, put me on the waiting list"),
        required=False,
        help_text=_("Their region knows which seats are left, and answers within a minute."),
    )
    message = forms.CharField(
        label=_("A word to %(name)s"),
        required=False,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Telephone numbers and links show once you have both agreed."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        account: Account,
        advert: Advert,
        found: Groups,
        left: Mapping[RideKey, int],
        now: dt.datetime,
        first: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"key": uuid.uuid4(), **(first or {})})
        self.account, self.advert = account, advert
        self.full: FullError | None = None
        regular = advert.kind == Advert.Kind.REGULAR
        self.regular = regular
        chosen = set(self._chosen("rides"))
        self.days = ride_rows(
            found,
            left,
            now,
            chosen,
            everything=not regular and data is None,
            counted=not advert.elsewhere,
        )
        self.soon, self.later = self.days[:SOON], self.days[SOON:]
        picked = self._chosen("weeks")
        self.week = week_rows(advert, set(picked) if self.is_bound else None) if regular else []
        weeks, rides = self.fields["weeks"], self.fields["rides"]
        assert isinstance(weeks, forms.MultipleChoiceField)
        assert isinstance(rides, forms.MultipleChoiceField)
        # Which rides exist is the service's to say: a page left open names some that have left.
        weeks.choices = [(value, value) for value in picked if parse_week(value)]
        rides.choices = [(value, value) for value in chosen if parse_key(value)]
        if not regular:
            for name in ("when", "weeks", "first", "last"):
                del self.fields[name]
        if advert.role != Advert.Role.EITHER:
            del self.fields["role"]
        if advert.role == Advert.Role.PASSENGER:
            del self.fields["seats"]
        else:
            self.fields["seats"].widget.attrs["max"] = advert.seats
        if not advert.elsewhere:  # of ours, it is known and said at once (``full``)
            del self.fields["may_wait"]
        message = self.fields["message"]
        message.label = str(message.label) % {"name": advert.author.display_name}

    def later_chosen(self) -> bool:
        """Whether a later day is ticked, so that the later days must be open."""
        return any(box.checked for row in self.later for box in row.boxes)

    def _chosen(self, name: str) -> list[str]:
        if self.is_bound:
            assert isinstance(self.data, QueryDict)
            return [str(value) for value in self.data.getlist(name)]
        return list(self.initial.get(name, []))

    def book(self) -> Booking | None:
        """Ask for the rides; None when something is wrong, said at its field."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        try:
            return booking_request(
                asker=self.account,
                advert=self.advert,
                request=Request(
                    wanted=self._wanted(),
                    seats=data.get("seats") or 1,
                    pickup=_place(data["pickup"], data["pickup_detail"]),
                    dropoff=_place(data["dropoff"], data["dropoff_detail"]),
                    message=data["message"],
                    drives=data.get("role") == "driver",
                    waiting_list="waiting_list" in self.data or bool(data.get("may_wait")),
                    skip_full="skip_full" in self.data,
                ),
                key=data["key"],
            )
        except PasserelleError as error:
            if isinstance(error, FullError):
                self.full = error
            self._say(error)
            return None

    def _wanted(self) -> Wanted:
        data = self.cleaned_data
        if self.regular and data["when"] == WEEKS:
            weeks = [parse_week(value) for value in data["weeks"]]
            return Wanted(
                weeks=[one for one in weeks if one], first=data["first"], last=data["last"]
            )
        return Wanted(rides=[one for value in data["rides"] if (one := parse_key(value))])

    def _say(self, error: PasserelleError) -> None:
        placed = False
        for name, text in error.fields.items():
            field = "rides" if name == "dates" else name
            if field in self.fields:
                self.add_error(field, str(text))
                placed = True
        if not placed:
            self.add_error(None, str(error.message))


def _place(town: Any, detail: str) -> Place | None:
    return Place(town.code, detail) if town else None


class ReasonForm(forms.Form):
    """A word with a refusal."""

    reason = forms.CharField(
        label=_("A word of explanation"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MeetingForm(forms.Form):
    """Another meeting point."""

    label = forms.CharField(
        label=_("Meeting point that suits you"),
        min_length=2,
        max_length=LABEL_LENGTH,
        help_text=_("A stop, a square, a carpool area: somewhere both can find."),
    )
    text = forms.CharField(
        label=_("A word with it"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


ALL, ONE, FROM = "all", "one", "from"


class CancelForm(forms.Form):
    """How much of a booking to cancel, and why."""

    what = forms.ChoiceField(
        label=_("What do you cancel?"),
        choices=[
            (ONE, _("One ride only")),
            (FROM, _("All rides from a day on")),
            (ALL, _("The whole booking")),
        ],
        widget=forms.RadioSelect,
        initial=ONE,
    )
    ride = forms.ChoiceField(label=_("Which ride"), required=False)
    from_day = forms.DateField(label=_("From which day on"), required=False, widget=DateInput)
    reason = forms.CharField(
        label=_("A word to the other person"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: Any = None, *, coming: Sequence[Ride], words: Sequence[str], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.several = len(coming) > 1
        ride = self.fields["ride"]
        assert isinstance(ride, forms.ChoiceField)
        ride.choices = [(key_value(one.key), text) for one, text in zip(coming, words, strict=True)]
        if not self.several:
            for name in ("what", "ride", "from_day"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for the day where one is needed."""
        data = super().clean() or {}
        if data.get("what") == ONE and not data.get("ride"):
            self.add_error("ride", _("Choose the ride that you cancel."))
        if data.get("what") == FROM and not data.get("from_day") and "from_day" not in self.errors:
            self.add_error("from_day", _("Give the first day that you cancel."))
        return data

    def scope(self) -> dict[str, Any]:
        """What ``booking_cancel`` needs to know."""
        data = self.cleaned_data
        if data.get("what") == ONE:
            return {"ride": parse_key(data["ride"])}
        if data.get("what") == FROM:
            return {"from_day": data["from_day"]}
        return {}
