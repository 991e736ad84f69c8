"""What may be asked of the observatory: a region, a territory, a measure, a month, from lists.

Nothing else is understood, so nobody can ask for a cell of their own making. What is in no list
does not exist: 404.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regions.observatory import words
from regions.observatory.queries import (
    Area,
    Definition,
    PublishingRegion,
    definitions,
    publishing_regions,
)
from regions.statistics.services import month_after
from regions.territories.queries import (
    area_codes,
    departements_by_region,
    intercommunality_codes,
    intercommunality_names,
    region_names,
)
from tenants.context import current_tenant_or_none

LENGTHS: Final = (12, 24)
MAP_LEVELS: Final = (Area.DEPARTEMENT, Area.INTERCOMMUNALITY)
FILE_LEVELS: Final = (*MAP_LEVELS, Area.MUNICIPALITY)
FIRST_MEASURE: Final = "journeys"


@dataclass(frozen=True, slots=True)
class Territory:
    """What figures are of: the whole, or an area."""

    area: Area
    code: str
    label: str

    @property
    def key(self) -> str:
        """How an address names it; empty for the whole."""
        return f"{self.area.value}-{self.code}" if self.code else ""


Groups = list[tuple[str, list[Territory]]]
"""Territories by kind."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of the observatory."""

    regions: list[PublishingRegion]
    """All whose figures may be read here: one's own, or all on the platform's host."""
    region: PublishingRegion | None
    """The one that was chosen; None: all of them."""
    territory: Territory
    measure: Definition
    month: dt.date
    length: int
    """Months of a curve, up to and with ``month``."""
    level: Area
    """Areas on the map and in files."""
    groups: Groups
    """Territories that may be chosen, by kind."""
    months: list[dt.date]
    """Months that may be chosen, the latest first."""
    departements: dict[str, dict[str, str]]
    """Région → its départements by code."""
    over: list[PublishingRegion]
    """The regions that the map is of: those in which the territory lies."""
    within: list[str] | None
    """Codes of the map's areas, where the territory has some of its own; None: all of ``over``."""
    fell_back: bool
    """Whether the map stays on départements, though something finer was asked."""

    @property
    def shown(self) -> list[PublishingRegion]:
        """The regions that figures are of."""
        return [self.region] if self.region else self.regions

    @property
    def in_part(self) -> list[PublishingRegion]:
        """Those of them of which agreements let some départements be told alone."""
        return [one for one in self.shown if one.departments is not None]

    @property
    def slugs(self) -> list[str]:
        """Short names of the regions that figures are of."""
        return [one.slug for one in self.shown]

    @property
    def first(self) -> dt.date:
        """First month of the curve."""
        return months_back(self.month, self.length - 1)

    @property
    def period(self) -> list[dt.date]:
        """Months of the curve, in order."""
        return [months_back(self.month, back) for back in reversed(range(self.length))]

    @property
    def said(self) -> dict[str, str]:
        """The same as an address says it."""
        return {
            "region": self.region.slug if self.region and not self.region.own else "",
            "territory": self.territory.key,
            "measure": self.measure.code,
            "month": f"{self.month:%Y-%m}",
            "length": str(self.length),
            "level": self.level.value,
        }

    def query(self, **changed: str) -> str:
        """The address's query that asks the same, but for what is changed."""
        said = self.said | changed
        return urlencode({name: value for name, value in said.items() if value})

    def form(self) -> FilterForm:
        """The lists, with what is asked chosen."""
        return FilterForm(self.said, regions=self.regions, months=self.months, groups=self.groups)


class FilterForm(forms.Form):
    """The lists, as a form that changes nothing (GET)."""

    region = forms.ChoiceField(label=gettext_lazy("Region of the service"), required=False)
    territory = forms.ChoiceField(label=gettext_lazy("Territory"), required=False)
    measure = forms.ChoiceField(label=gettext_lazy("Measure"), required=False)
    month = forms.ChoiceField(label=gettext_lazy("Month"), required=False)
    length = forms.ChoiceField(label=gettext_lazy("Length of the curve"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Map and table by"), required=False)

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        regions: list[PublishingRegion],
        months: list[dt.date],
        groups: Groups,
        levels: tuple[Area, ...] = MAP_LEVELS,
    ) -> None:
        super().__init__(data)
        if current_tenant_or_none() is None:
            every = [("", _("All regions"))]
            _choices(self, "region", every + [(one.slug, one.name) for one in regions])
        else:
            del self.fields["region"]
        listed = [(title, [(one.key, one.label) for one in group]) for title, group in groups]
        _choices(self, "territory", [("", _("Whole territory")), *listed])
        _choices(self, "measure", [(one.code, str(one.label)) for one in definitions()])
        _choices(self, "month", [(f"{one:%Y-%m}", words.month(one)) for one in months])
        _choices(self, "length", [(str(n), _("%(count)s months") % {"count": n}) for n in LENGTHS])
        _choices(self, "level", [(one.value, str(one.label)) for one in levels])


def _choices(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def months_back(month: dt.date, count: int) -> dt.date:
    """The first day of the month so many months before."""
    number = month.year * 12 + month.month - 1 - count
    return dt.date(number // 12, number % 12 + 1, 1)


def regions_here() -> list[PublishingRegion]:
    """The regions of this page: its own on a region's host, all on the platform's."""
    own = current_tenant_or_none() is not None
    return [one for one in publishing_regions() if one.own == own]


def read(data: Mapping[str, str], *, levels: tuple[Area, ...] = MAP_LEVELS) -> Asked | None:
    """Read what is asked; None where nothing is published yet. Five statements at most.

    Raises ``Http404`` for what is in no list.
    """
    regions = regions_here()
    months = _months(regions)
    if not months:
        return None
    departements = departements_by_region(sorted({code for one in regions for code in one.regions}))
    everywhere = _territories(regions, departements)
    form = FilterForm(data, regions=regions, months=months, groups=everywhere, levels=levels)
    if not form.is_valid():
        raise Http404("Not in the lists.")
    said = form.cleaned_data
    region = next((one for one in regions if one.slug == said.get("region")), None)
    if region is None and len(regions) == 1:
        region = regions[0]
    groups = _territories([region], departements) if region and len(regions) > 1 else everywhere
    if region is None:  # hundreds of them, in no list that anybody reads
        groups = [group for group in groups if group[1][0].area != Area.INTERCOMMUNALITY]
    month = dt.date.fromisoformat(f"{said['month']}-01") if said["month"] else _latest(regions)
    territory = _territory(said["territory"], groups)
    shown = [region] if region else regions
    over = [one for one in shown if _lies_in(territory, one, departements)]
    level = Area(said["level"] or levels[0])
    # Of all regions together there are hundreds, in no list that anybody reads.
    fell_back = not region and not territory.code and level != Area.DEPARTEMENT
    level = Area.DEPARTEMENT if fell_back else level
    return Asked(
        regions=regions,
        region=region,
        territory=territory,
        measure=next(o for o in definitions() if o.code == (said["measure"] or FIRST_MEASURE)),
        month=month,
        length=int(said["length"] or LENGTHS[0]),
        level=level,
        groups=groups,
        months=months,
        departements=departements,
        over=over,
        within=_within(territory, level, departements),
        fell_back=fell_back,
    )


def _lies_in(
    territory: Territory, one: PublishingRegion, departements: dict[str, dict[str, str]]
) -> bool:
    """Whether a territory out of the lists lies in a region; of one's own lists all do."""
    if territory.area == Area.ADMINISTRATIVE:
        return territory.code in one.regions
    if territory.area == Area.DEPARTEMENT:
        return any(territory.code in departements.get(code, {}) for code in one.regions)
    return True


def _within(
    territory: Territory, level: Area, departements: dict[str, dict[str, str]]
) -> list[str] | None:
    """Codes of a level's areas in the territory; None where it has none of its own: all are meant.

    One statement at most.
    """
    if territory.area == Area.ADMINISTRATIVE and level == Area.DEPARTEMENT:
        return list(departements.get(territory.code, {}))
    if territory.area in (Area.ADMINISTRATIVE, Area.DEPARTEMENT) and level in (
        Area.INTERCOMMUNALITY,
        Area.MUNICIPALITY,
    ):
        return area_codes(
            region=territory.code if territory.area == Area.ADMINISTRATIVE else "",
            departement=territory.code if territory.area == Area.DEPARTEMENT else "",
            intercommunalities=level == Area.INTERCOMMUNALITY,
        )
    if territory.area == Area.INTERCOMMUNALITY and level == Area.MUNICIPALITY:
        return intercommunality_codes(territory.code)
    return None


def _latest(regions: list[PublishingRegion]) -> dt.date:
    """The last month that all have published; of one that is a month late, all the same the last.

    Regions publish one after the other: for an hour or a night, the sum of some would pass for all.
    """
    told = [one.last for one in regions if one.last]
    return max(min(told), months_back(max(told), 1))


def _months(regions: list[PublishingRegion]) -> list[dt.date]:
    first = min((one.first for one in regions if one.first), default=None)
    last = max((one.last for one in regions if one.last), default=None)
    found: list[dt.date] = []
    while first and last and first <= last:
        found.append(first)
        first = month_after(first)
    return found[::-1]


def _territories(
    regions: list[PublishingRegion], departements: dict[str, dict[str, str]]
) -> Groups:
    """Régions, départements and intercommunalities of these regions, by kind; empty ones not.

    Where agreements bind a region to départements, what lies in them altogether.
    """
    codes = sorted({code for one in regions for code in one.regions})
    told = {
        code: name
        for one in regions
        for region in one.regions
        for code, name in departements.get(region, {}).items()
        if one.departments is None or code in one.departments
    }
    names = region_names()
    whole = [
        one for one in codes if one in names and told.keys() >= departements.get(one, {}).keys()
    ]
    bound = any(one.departments is not None for one in regions)
    found = (
        (_("Régions"), Area.ADMINISTRATIVE, {code: names[code] for code in whole}),
        (_("Départements"), Area.DEPARTEMENT, told),
        (
            _("Intercommunalities"),
            Area.INTERCOMMUNALITY,
            intercommunality_names(regions=codes, within=list(told) if bound else None),
        ),
    )
    return [
        (title, [Territory(area, code, label) for code, label in listed.items()])
        for title, area, listed in found
        if len(listed) > 1 or area != Area.ADMINISTRATIVE
        if listed
    ]


def _territory(key: str, groups: Groups) -> Territory:
    """The one that is meant; the whole where it lies in another region than the one chosen."""
    whole = Territory(Area.WHOLE, "", _("Whole territory"))
    return next((one for _title, listed in groups for one in listed if one.key == key), whole)
