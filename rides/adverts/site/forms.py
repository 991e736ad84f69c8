"""« Publier une annonce »: one page, which works without JavaScript and keeps what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from communities.communities.queries import communities_of
from core.accounts.models import Account
from core.shell import humanise
from core.shell.forms import ChoiceCards, DateInput, DayPickerField, TimeInput
from regions.territories.forms import MunicipalityField
from regions.territories.models import Municipality
from regions.territories.queries import municipality_get
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import OneOff, Place, Planning, Slot, Weekly
from rides.adverts.models import COMMENT_LENGTH, MAX_SEATS, Advert
from rides.adverts.services import advert_publish

DETAIL_LENGTH: Final = 60
ISO_DAYS: Final = frozenset("1234567")
WORKING_DAYS: Final = [1, 2, 3, 4, 5]


class SeatsInput(forms.NumberInput):
    """A number with « − » and « + » beside it when there is JavaScript."""

    template_name = "adverts/widgets/seats.html"


if TYPE_CHECKING:
    _ManyCommunities = forms.ModelMultipleChoiceField[Community]
else:  # generic for the type checker only
    _ManyCommunities = forms.ModelMultipleChoiceField


class CommunitiesField(_ManyCommunities):
    """The author's own communities, by name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Community) -> str:
        """The community's name."""
        return obj.name


class AdvertForm(forms.Form):
    """What a person says of an advert; ``publish`` has it checked by the service."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    role = forms.ChoiceField(
        label=_("You are"),
        choices=[
            (Advert.Role.DRIVER.value, _("Driver")),
            (Advert.Role.PASSENGER.value, _("Passenger")),
            (Advert.Role.EITHER.value, _("Either")),
        ],
        widget=ChoiceCards(
            cards={
                "driver": ("car", _("I offer seats in my car.")),
                "passenger": ("passenger", _("I am looking for a seat.")),
                "either": ("either", _("I take turns, or have no preference.")),
            }
        ),
    )
    kind = forms.ChoiceField(
        label=_("Your ride is"),
        choices=[
            (Advert.Kind.REGULAR.value, _("Regular")),
            (Advert.Kind.ONE_OFF.value, _("One-off")),
        ],
        widget=ChoiceCards(
            cards={
                "regular": ("repeat", _("Every week, on the days you choose.")),
                "one_off": ("calendar", _("Once, on a given date.")),
            }
        ),
    )
    origin = MunicipalityField(label=_("Place of departure"), located=True)
    origin_detail = forms.CharField(
        label=_("Where exactly"), required=False, max_length=DETAIL_LENGTH
    )
    destination = MunicipalityField(label=_("Place of arrival"), located=True)
    destination_detail = forms.CharField(
        label=_("Where exactly"), required=False, max_length=DETAIL_LENGTH
    )
    weekdays = DayPickerField(label=_("Days"), required=False)
    date = forms.DateField(label=_("Date of departure"), required=False, widget=DateInput)
    time = forms.TimeField(label=_("Departure at"), widget=TimeInput)
    return_date = forms.DateField(label=_("Date of return"), required=False, widget=DateInput)
    return_time = forms.TimeField(label=_("Return at"), required=False, widget=TimeInput)
    valid_from = forms.DateField(label=_("First day"), required=False, widget=DateInput)
    valid_until = forms.DateField(label=_("Last day"), required=False, widget=DateInput)
    seats = forms.IntegerField(
        label=_("Number of seats"),
        min_value=1,
        max_value=MAX_SEATS,
        widget=SeatsInput,
        help_text=_("Offered by a driver, asked for by a passenger."),
    )
    comment = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everyone can read it: give no telephone number and no address."),
    )
    communities = CommunitiesField(
        label=_("Publish in these communities"),
        required=False,
        queryset=Community.objects.none(),
        help_text=_("Their members see your advert on the community's page."),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        # Hidden by the style sheet for a regular ride, so it may look required at all times.
        self.fields["date"].required = (
            not self.is_bound or self.data.get("kind") == Advert.Kind.ONE_OFF
        )
        own = self.fields["communities"]
        assert isinstance(own, CommunitiesField)
        own.queryset = communities_of(account)
        for iso in range(1, 8):
            for name, label in ((f"time_{iso}", _("Departure")), (f"return_{iso}", _("Return"))):
                self.fields[name] = forms.TimeField(label=label, required=False, widget=TimeInput)

    def days(self) -> Iterator[tuple[int, str, BoundField, BoundField]]:
        """ISO number, name, departure and return field of each weekday."""
        for iso in range(1, 8):
            yield iso, humanise.weekday_name(iso), self[f"time_{iso}"], self[f"return_{iso}"]

    def has_day_errors(self) -> bool:
        """Whether a time of a single day is wrong, so that its row must be open."""
        return any(name.startswith(("time_", "return_")) for name in self.errors)

    def differs_by_day(self) -> bool:
        """Whether a day has a time of its own, so that the rows must be open."""
        return any(
            self[f"{name}_{iso}"].value() for iso in range(1, 8) for name in ("time", "return")
        )

    def publish(self) -> Advert | None:
        """Publish the advert and return it; None when something is wrong, said at its field."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        try:
            return advert_publish(
                author=self.account,
                role=data["role"],
                origin=Place(data["origin"].code, data["origin_detail"]),
                destination=Place(data["destination"].code, data["destination_detail"]),
                planning=self._planning(),
                seats=data["seats"],
                comment=data["comment"],
                communities=list(data["communities"]),
                public_id=data["key"],
            )
        except AdvertError as error:
            self._add_errors(error)
            return None

    def _planning(self) -> Planning:
        data = self.cleaned_data
        if data["kind"] == Advert.Kind.ONE_OFF:
            back = data["return_date"] or (data["date"] if data["return_time"] else None)
            return OneOff(data["date"], data["time"], back, data["return_time"])
        return Weekly(
            [
                Slot(
                    iso - 1,
                    data[f"time_{iso}"] or data["time"],
                    data[f"return_{iso}"] or data["return_time"],
                )
                for iso in data["weekdays"]
            ],
            data["valid_from"],
            data["valid_until"],
        )

    def _add_errors(self, error: AdvertError) -> None:
        """Put what the service refused beside the controls that say it."""
        days: list[int] = self.cleaned_data.get("weekdays") or []
        for name, message in error.fields.items():
            head, _dot, rest = name.partition(".")
            if head != "slots":
                self.add_error(name if name in self.fields else None, str(message))
                continue
            iso = days[int(rest.split(".")[0])]
            own = self.cleaned_data.get(f"time_{iso}") or self.cleaned_data.get(f"return_{iso}")
            field = f"return_{iso}" if own else "return_time"
            if str(message) not in self.errors.get(field, []):
                self.add_error(field, str(message))


def first_values(account: Account, asked: Mapping[str, str], days: list[str]) -> dict[str, Any]:
    """What an empty form starts from: the search or the page that led here, and habits."""
    regular = asked.get("regular") == "1" or not asked.get("date")
    initial: dict[str, Any] = {
        "key": uuid.uuid4(),
        "role": asked.get("role") or Advert.Role.DRIVER.value,
        "kind": (Advert.Kind.REGULAR if regular else Advert.Kind.ONE_OFF).value,
        "origin": _municipality(asked.get("origin_code", "")) or account.residence_code or None,
        "destination": _municipality(asked.get("destination_code", "")),
        "seats": 3,
        "weekdays": [int(day) for day in days if day in ISO_DAYS] or WORKING_DAYS,
        "date": asked.get("date", ""),
        "time": asked.get("time", ""),
    }
    if initial["role"] == Advert.Role.PASSENGER.value:
        initial["seats"] = 1
    slug = asked.get("community", "")
    if slug:
        initial["communities"] = communities_of(account).filter(slug=slug)
    return initial


def _municipality(code: str) -> Municipality | None:
    return municipality_get(code) if code else None
