"""What may be asked of the observatory by programs, and what it answers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers

from regions.observatory.filters import months_back
from regions.observatory.queries import Area, Grain, definitions
from regions.statistics.catalogue import Unit
from regions.statistics.services import month_after

LONGEST: Final = 24
"""Months of one question."""
MONTH: Final = r"^2[0-9]{3}-(0[1-9]|1[0-2])$"


class FiguresParameters(serializers.Serializer[dict[str, object]]):
    """The query of figures: all of it out of fixed lists."""

    measure = serializers.ChoiceField(choices=(), help_text="A measure of the catalogue")
    area = serializers.ChoiceField(
        choices=Area.choices,
        default=Area.WHOLE.value,
        help_text="What figures are of, within their region; not every measure has them all",
    )
    grain = serializers.ChoiceField(
        choices=[one.value for one in Grain],
        default=Grain.MONTH.value,
        help_text="Days exist for whole regions and for what takes place on a day",
    )
    first = serializers.RegexField(
        MONTH, required=False, help_text="First month (YYYY-MM); 12 months when left out"
    )
    last = serializers.RegexField(
        MONTH, required=False, help_text="Last month (YYYY-MM); the latest when left out"
    )
    code = serializers.RegexField(
        r"^[0-9A-Za-z+-]{1,36}$", required=False, help_text="INSEE or SIREN code of one area"
    )
    region = serializers.SlugField(
        required=False, help_text="Short name of one region; on the platform's host"
    )

    def get_fields(self) -> dict[str, Any]:
        """Fill in the measures, which are known once all apps are ready."""
        fields = super().get_fields()
        fields["measure"] = serializers.ChoiceField(
            choices=[one.code for one in definitions()], help_text="A measure of the catalogue"
        )
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Make days of months; refuse what is not published, and more than two years at once."""
        one = next(one for one in definitions() if one.code == attrs["measure"])
        if attrs["area"] not in one.areas:
            raise serializers.ValidationError({"area": _("This measure is not published by it.")})
        if attrs["grain"] == Grain.DAY and not (one.daily and attrs["area"] == Area.WHOLE):
            raise serializers.ValidationError({"grain": _("This measure has no days here.")})
        for name in ("first", "last"):
            if name in attrs:
                attrs[name] = dt.date.fromisoformat(f"{attrs[name]}-01")
        last = attrs.get("last")
        first = attrs.get("first")
        if first and last and first > last:
            raise serializers.ValidationError({"last": _("This is before the first month.")})
        if first and last and months_back(last, LONGEST - 1) > first:
            raise serializers.ValidationError({"first": _("Ask for 24 months at most.")})
        return attrs


def period(asked: dict[str, Any], latest: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that are asked for."""
    first: dt.date | None = asked.get("first")
    last: dt.date = asked.get("last") or latest
    if first is None:
        first = months_back(last, 11)
    elif "last" not in asked and months_back(last, LONGEST - 1) > first:
        last = months_back(first, 1 - LONGEST)
    return first, month_after(last) - dt.timedelta(days=1)


class MeasureSerializer(serializers.Serializer[dict[str, Any]]):
    """A measure of the catalogue."""

    measure = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    method = serializers.CharField()
    unit = serializers.ChoiceField(choices=[one.value for one in Unit])
    unit_label = serializers.CharField()
    freshness = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    areas = serializers.ListField(child=serializers.ChoiceField(choices=Area.choices))
    daily = serializers.BooleanField()


class RegionSerializer(serializers.Serializer[dict[str, Any]]):
    """A region whose figures may be read here."""

    region = serializers.SlugField(help_text="Short name")
    name = serializers.CharField()
    departments = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="Départements that its figures cover here (INSEE); null: all of the region",
    )
    first = serializers.CharField(allow_null=True, help_text="First month published (YYYY-MM)")
    last = serializers.CharField(allow_null=True, help_text="Last month published (YYYY-MM)")


class CatalogueSerializer(serializers.Serializer[dict[str, Any]]):
    """What there is."""

    licence = serializers.CharField()
    licence_url = serializers.URLField()
    threshold = serializers.IntegerField(help_text="People behind every figure, at least")
    regions = RegionSerializer(many=True)
    measures = MeasureSerializer(many=True)


class FigureSerializer(serializers.Serializer[dict[str, Any]]):
    """One figure; ``value`` is null where ``suppressed``."""

    region = serializers.SlugField()
    area = serializers.ChoiceField(choices=Area.choices)
    code = serializers.CharField(allow_blank=True, help_text="Empty for the whole region")
    label = serializers.CharField()  # type: ignore[assignment]
    start = serializers.DateField(help_text="First day of the period")
    grain = serializers.ChoiceField(choices=[one.value for one in Grain])
    value = serializers.FloatField(allow_null=True, help_text="In the measure's unit")
    suppressed = serializers.BooleanField(
        help_text="Fewer than six people, or a figure that would give theirs away"
    )
