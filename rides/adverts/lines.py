"""Lines: a community of kind « line » has stops in order; adverts follow them.

An advert published in the community passes at a stop when its route comes within ``NEAR_M`` of it;
the time is the departure plus the share of the drive that lies before, an estimate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, Final

import numpy as np
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import Place
from rides.adverts.models import LABEL_LENGTH, Advert
from rides.adverts.occurrences import occurrences
from rides.adverts.queries import adverts_in, for_cards, keys_of
from rides.adverts.route_rules import Message, checked_place
from rides.adverts.routes import way_of
from rides.adverts.settings import rides_settings
from rides.matching.geometry import Point, distance, nearest, vectors
from rides.matching.timing import drive_seconds, wall_clock
from rides.places.models import CarpoolPlace

MAX_LINE_STOPS: Final = 10
"""Departure, arrival, and as many as an advert may have between."""
NEAR_M: Final = 1_000.0
AHEAD_DAYS: Final = 2
SHOWN: Final = 4
ADVERTS: Final = 200
"""Adverts of a line that are looked at; the latest ones."""


class LineStop(models.Model):
    """A stop of a line."""

    community = models.ForeignKey(
        Community, on_delete=models.CASCADE, related_name="line_stops", verbose_name=_("line")
    )
    position = models.PositiveSmallIntegerField(
        _("position on the line"), help_text=_("1 for the first.")
    )
    code = models.CharField(_("municipality of the stop (INSEE code)"), max_length=5)
    label = models.CharField(_("name of the stop"), max_length=LABEL_LENGTH)
    detail = models.CharField(_("where exactly"), max_length=LABEL_LENGTH, blank=True)
    lat = models.FloatField(_("latitude of the stop"))
    lon = models.FloatField(_("longitude of the stop"))
    place = models.ForeignKey(
        CarpoolPlace,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("carpool place"),
    )

    class Meta:
        verbose_name = _("stop of a line")
        verbose_name_plural = _("stops of lines")
        ordering: ClassVar[list[str]] = ["community", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["community", "position"], name="line_stop_once_per_position"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MAX_LINE_STOPS),
                name="line_stop_position_1_to_10",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.lat, self.lon)


def line_stops(community: Community) -> list[LineStop]:
    """The stops of a line in order; none for other communities."""
    if community.kind != Community.Kind.LINE:
        return []
    return list(
        LineStop.objects.filter(community=community)
        .select_related("community")
        .order_by("position")
    )


def line_stops_set(*, community: Community, stops: Sequence[Place]) -> list[LineStop]:
    """Replace the stops of a line. Raises ``AdvertError`` (``invalid_line``) with ``stops.N``."""
    fields: dict[str, Message] = {}
    if community.kind != Community.Kind.LINE:
        fields["stops"] = _("Only a line has stops.")
    elif not 2 <= len(stops) <= MAX_LINE_STOPS:
        fields["stops"] = _("A line has from 2 to %(most)d stops.") % {"most": MAX_LINE_STOPS}
    checked = [checked_place(stop, f"stops.{index}", fields) for index, stop in enumerate(stops)]
    if fields:
        raise AdvertError(_("These stops were not kept."), code="invalid_line", fields=fields)
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community.pk)
        LineStop.objects.filter(community=community).delete()
        return LineStop.objects.bulk_create(
            LineStop(
                community=community,
                position=position,
                code=found.code,
                label=found.label,
                detail=said.detail,
                lat=found.shown.lat,
                lon=found.shown.lon,
                place_id=found.carpool_place,
            )
            for position, (said, found) in enumerate(zip(stops, checked, strict=True), start=1)
            if found is not None
        )


@dataclass(frozen=True, slots=True)
class LinePassage:
    """One ride that passes at a stop."""

    advert: Advert
    at: dt.datetime
    """Wall clock of the advert's zone, aware; an estimate."""
    towards: str
    """Where the ride ends."""
    is_driver: bool


@dataclass(frozen=True, slots=True)
class StopBoard:
    """A stop and what passes there next."""

    stop: LineStop
    passages: list[LinePassage]


def next_passages(
    community: Community, stops: Sequence[LineStop], now: dt.datetime, reader: Any = None
) -> list[StopBoard]:
    """What a reader may see pass at each stop within two days, the first ``SHOWN`` of each.

    Statements do not grow with adverts or stops.
    """
    keys = list(
        keys_of(adverts_in(community, now, reader).order_by("-created_at", "-pk"))[:ADVERTS]
    )
    adverts = for_cards(keys)
    models.prefetch_related_objects(adverts, "exceptions")
    rules = rides_settings()
    found: dict[int, list[LinePassage]] = {stop.pk: [] for stop in stops}
    for advert in adverts:
        places = way_of(advert)
        here = _passes(places, stops)
        if not here:
            continue
        whole = sum(distance(*leg) for leg in pairwise(places))
        seconds = drive_seconds(whole)
        first = wall_clock(now, advert.zone).date() - dt.timedelta(days=1)
        last = first + dt.timedelta(days=AHEAD_DAYS + 1)
        for one in occurrences(advert, first, last, rules=rules):
            if one.cancelled:
                continue
            for stop, along in here:
                share = along / whole if whole else 0.0
                before = 1 - share if one.backwards else share
                at = one.departs_at + dt.timedelta(seconds=round(seconds * before / 60) * 60)
                if at < now or at > now + dt.timedelta(days=AHEAD_DAYS) or before > 0.999:
                    continue
                found[stop.pk].append(
                    LinePassage(
                        advert,
                        wall_clock(at, advert.zone),
                        advert.origin_label if one.backwards else advert.destination_label,
                        advert.role != Advert.Role.PASSENGER,
                    )
                )
    return [
        StopBoard(stop, sorted(found[stop.pk], key=lambda one: (one.at, one.advert.pk))[:SHOWN])
        for stop in stops
    ]


def _passes(places: Sequence[Point], stops: Sequence[LineStop]) -> list[tuple[LineStop, float]]:
    """The stops near a route, each with its metres along it."""
    line = vectors(np.array(places, dtype=np.float64))
    lengths = [distance(*leg) for leg in pairwise(places)]
    starts = np.concatenate([[0.0], np.cumsum(lengths)])
    found = []
    for stop, point in zip(stops, vectors(np.array([stop.point for stop in stops])), strict=True):
        measured = nearest(point, line[:-1], line[1:])
        leg = int(np.argmin(measured.away))
        if measured.away[leg] <= NEAR_M:
            found.append((stop, float(starts[leg] + measured.along[leg])))
    return found
