"""« Trajet »: departure, stops in order, arrival, and the communities to publish in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from communities.communities.queries import communities_of
from regions.territories.forms import MunicipalityField
from regions.territories.models import Municipality
from regions.territories.queries import municipality_get
from rides.adverts.inputs import Place
from rides.adverts.models import MAX_STOPS, Advert
from rides.adverts.prices import road_metres
from rides.adverts.route_rules import Message, check_route, checked_place, in_order
from rides.adverts.site.rows import (
    DETAIL_LENGTH,
    StopRow,
    add_fields,
    arranged,
    place_of,
    rows_of,
    with_place,
)
from rides.adverts.site.wizard.base import Raw, StepForm, number
from rides.matching.geometry import Point
from rides.places.models import CarpoolPlace
from rides.places.queries import place_open, places_near

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


class RouteForm(StepForm):
    """Fields ``stop_0 stop_detail_0 …``, as many rows as the hidden ``stops`` says."""

    name = "route"
    template = "adverts/wizard/route.html"

    origin = MunicipalityField(label=_("Place of departure"), located=True)
    origin_detail = forms.CharField(
        label=_("Where exactly"), required=False, max_length=DETAIL_LENGTH
    )
    destination = MunicipalityField(label=_("Place of arrival"), located=True)
    destination_detail = forms.CharField(
        label=_("Where exactly"), required=False, max_length=DETAIL_LENGTH
    )
    communities = CommunitiesField(
        label=_("Publish in these communities"),
        required=False,
        queryset=Community.objects.none(),
        help_text=_("Their members see your advert on the community's page."),
    )

    def prepare(self) -> None:
        """Add the stops and the person's communities."""
        self.stops = number(self.raw, "stops", most=MAX_STOPS)
        add_fields(self, self.stops, _("Stop"))
        own = self.fields["communities"]
        assert isinstance(own, CommunitiesField)
        own.queryset = communities_of(self.context.account)

    def rows(self) -> list[StopRow]:
        """The stops, for the page."""
        return rows_of(self, self.stops)

    @property
    def can_add(self) -> bool:
        """Whether one more stop may be added."""
        return self.stops < MAX_STOPS

    @property
    def out_of_order(self) -> bool:
        """Whether a stop is refused for its place in the row, so that sorting helps."""
        return any(name.startswith("stop_") for name in self.errors) and self._order() != list(
            range(len(self._stops()))
        )

    def offers(self) -> list[CarpoolPlace]:
        """Carpool places near the way that are not stops yet; none while it is not known."""
        points = self.cleaned_data.get("points")
        if not points or not self.can_add:
            return []
        taken = {place.carpool_place for place in points}
        near = places_near([place.shown for place in points])
        return [place for place in near if place.pk not in taken]

    def with_place(self, raw: Raw, key: int) -> Raw:
        """The step with a carpool place as one more stop, in its place on the way."""
        place = place_open(key)
        town = municipality_get(place.code) if place else None
        if place is None or town is None:
            return raw
        added = with_place(raw, place, town, MAX_STOPS)
        return RouteForm(added, context=self.context).sorted_raw(added)

    def sorted_raw(self, raw: Raw) -> Raw:
        """The step with its stops in the order in which the way passes them."""
        self.full_clean()
        rows = [row for row, _place in self._stops()]
        return arranged(raw, [rows[index] for index in self._order()])

    def _stops(self) -> list[tuple[int, Municipality]]:
        """The stops that are known municipalities, each with its row."""
        found = []
        for row in range(self.stops):
            place = self.cleaned_data.get(f"stop_{row}") or self._named.get(row)
            if place is not None:
                found.append((row, place))
        return found

    def _spot(self, row: int) -> Point | None:
        """Where the carpool place of a row is."""
        key = self.cleaned_data.get(f"stop_place_{row}")
        place = place_open(key) if key else None
        return place.point if place else None

    def _order(self) -> list[int]:
        ends = self.cleaned_data.get("origin"), self.cleaned_data.get("destination")
        stops = [self._spot(row) or _point(place) for row, place in self._stops()]
        if ends[0] is None or ends[1] is None:
            return list(range(len(stops)))
        return in_order(_point(ends[0]), stops, _point(ends[1]))

    def clean(self) -> dict[str, Any]:
        """Have the service check the way, and put its words beside the places."""
        data = self.cleaned_data
        # An error takes a stop out of ``cleaned_data``; sorting still needs it.
        self._named: dict[int, Municipality] = {
            row: data[f"stop_{row}"] for row in range(self.stops) if data.get(f"stop_{row}")
        }
        if self.errors:
            return data
        found: dict[str, Message] = {}
        rows = [row for row in range(self.stops) if data[f"stop_{row}"] is not None]
        data["origin_place"] = self._place("origin", "origin_detail")
        data["destination_place"] = self._place("destination", "destination_detail")
        advert = self.context.advert
        own = {stop.code: stop.own_point for stop in advert.stops.all()} if advert else {}
        data["stop_places"] = [
            place_of(
                data[f"stop_{row}"],
                data[f"stop_detail_{row}"],
                data[f"stop_place_{row}"],
                own.get(data[f"stop_{row}"].code),
            )
            for row in rows
        ]
        start = checked_place(data["origin_place"], "origin", found)
        end = checked_place(data["destination_place"], "destination", found)
        via = [
            checked_place(place, f"stops.{index}", found)
            for index, place in enumerate(data["stop_places"])
        ]
        whole = [stop for stop in via if stop is not None]
        if start and end and len(whole) == len(via):
            check_route(start, whole, end, found)
            data["metres"] = road_metres(start.shown, *(stop.shown for stop in whole), end.shown)
            data["points"] = [start, *whole, end]
        names = {f"stops.{index}": f"stop_{row}" for index, row in enumerate(rows)}
        names |= {f"stops.{i}_detail": f"stop_detail_{row}" for i, row in enumerate(rows)}
        if rows:
            names["stops"] = f"stop_{rows[-1]}"
        self.add_messages(found, names)
        return data

    def _place(self, name: str, detail: str) -> Place:
        """What is meant; an end that stays where it was keeps the person's own point."""
        municipality: Municipality = self.cleaned_data[name]
        advert = self.context.advert
        stays = advert is not None and getattr(advert, f"{name}_code") == municipality.code
        own = _own_point(advert, name) if advert and stays else None
        return Place(municipality.code, self.cleaned_data[detail], own)


def _own_point(advert: Advert, name: str) -> Point | None:
    lat, lon = getattr(advert, f"{name}_own_lat"), getattr(advert, f"{name}_own_lon")
    return None if lat is None or lon is None else Point(lat, lon)


def _point(place: Municipality) -> Point:
    assert place.lat is not None
    assert place.lon is not None
    return Point(place.lat, place.lon)
