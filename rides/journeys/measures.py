"""What journeys bring to the region's statistics: rides that took place, never requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_lazy as _

from regions.statistics.catalogue import (
    ACTIVITIES,
    CO2_GRAMS_PER_KM,
    MEASURES,
    SOURCES,
    TENS,
    Activity,
    Kind,
    Measure,
    Source,
    Unit,
)
from regions.statistics.measures import BY_RESIDENCE, MONTHLY

# A car that takes several people drives once: the longest of its journeys is the driver's way.
_DONE: Final = """
SELECT j.day, j.origin_code AS area, extract(hour FROM j.time)::int AS hour, j.metres::bigint,
       ARRAY[coalesce(j.driver_id, 0), coalesce(j.passenger_id, 0)]::bigint[] AS people,
       ARRAY[1, j.seats, j.metres::bigint * j.seats,
             CASE WHEN j.driver_id IS NULL OR 1 = row_number() OVER (
                  PARTITION BY j.driver_id, j.day, j.backwards, j.time ORDER BY j.metres DESC, j.id)
             THEN j.metres ELSE 0 END]::bigint[] AS amounts
  FROM journeys_journey j WHERE j.status = 'validated' AND j.counted
"""
_SHARED: Final = """
SELECT j.day, p.person FROM journeys_journey j
 CROSS JOIN LATERAL (VALUES (j.driver_id), (j.passenger_id)) AS p (person)
 WHERE j.status = 'validated' AND p.person IS NOT NULL
"""
_FIRST: Final = """
SELECT min(j.day) AS day, a.id AS person, a.residence_code AS area
  FROM journeys_journey j JOIN accounts_account a ON a.id = j.{role}_id AND a.guest_from = ''
 WHERE j.status = 'validated' GROUP BY a.id
"""
_CARPOOLERS: Final = f"""
SELECT DISTINCT s.day, s.person, a.residence_code AS area
  FROM ({_SHARED}) s JOIN accounts_account a ON a.id = s.person AND a.guest_from = ''
"""
_TOOK_PLACE: Final = _(
    "Rides confirmed by both people, or to which neither objected in seven days; each day of a "
    "weekly ride counts for itself, each passenger’s ride counts once. In the municipality of "
    "departure of the advert, if it lies in the region’s territory. A ride between members of "
    "two regions counts in the region of the advert."
)
_RIDES: Final = _("Rides of the region’s service.")


def occupation(passengers: int, drivers: int) -> float | None:
    """People in the car for each one at the wheel, weighed by distance; None without any way."""
    return round((passengers + drivers) / drivers, 2) if drivers else None


def co2_grams(metres: int) -> float:
    """Grams that shared metres avoid, at the factor of what is shared between regions."""
    return round(metres * CO2_GRAMS_PER_KM / 1000)


def _select(records: str) -> Callable[[], str]:
    return lambda: records


def register() -> None:
    """Put journeys in the catalogue."""
    SOURCES.register(
        Source(
            name="journeys",
            kind=Kind.DONE,
            records=lambda: _DONE,
            carries=("journeys", "passengers", "distance", "driver_distance"),
            order=40,
        )
    )
    for name, records in (
        ("carpoolers", _CARPOOLERS),
        ("new_drivers", _FIRST.format(role="driver")),
        ("new_passengers", _FIRST.format(role="passenger")),
    ):
        SOURCES.register(
            Source(
                name=name,
                kind=Kind.SEEN,
                records=_select(records),
                carries=(name,),
                round_to=TENS,
                communities=name == "carpoolers",
                order=50,
            )
        )
    ACTIVITIES.register(Activity(name="journeys", records=_SHARED))
    _journeys()
    _people()


def _journeys() -> None:
    for measure in (
        Measure(
            name="journeys",
            label=_("Journeys shared"),
            definition=_("Rides that took place, counted for each passenger’s booking."),
            method=_TOOK_PLACE,
            unit=Unit.COUNT,
            source="journeys",
            amounts=("journeys",),
            freshness=MONTHLY,
            origin=_RIDES,
            additive=True,
            order=50,
        ),
        Measure(
            name="passengers",
            label=_("Seats shared"),
            definition=_("Passengers carried: the seats taken in the rides that took place."),
            method=_TOOK_PLACE,
            unit=Unit.COUNT,
            source="journeys",
            amounts=("passengers",),
            freshness=MONTHLY,
            origin=_RIDES,
            additive=True,
            order=60,
        ),
        Measure(
            name="distance",
            label=_("Distance shared"),
            definition=_("Kilometres of road of the rides that took place, times the seats taken."),
            method=_TOOK_PLACE,
            unit=Unit.METRES,
            source="journeys",
            amounts=("distance",),
            freshness=MONTHLY,
            origin=_RIDES,
            additive=True,
            order=70,
        ),
        Measure(
            name="occupation",
            label=_("Occupation of cars"),
            definition=_(
                "People in a car that is shared, weighed by distance: drivers’ and passengers’ "
                "distances together, divided by drivers’ distance."
            ),
            method=_(
                "Of the rides that took place. A driver’s distance is the longest of the rides "
                "shared in the same car at the same time."
            ),
            unit=Unit.RATE,
            source="journeys",
            amounts=("distance", "driver_distance"),
            derive=occupation,
            freshness=MONTHLY,
            origin=_RIDES,
            additive=False,
            order=80,
        ),
        Measure(
            name="co2",
            label=_("CO₂ not emitted"),
            definition=_(
                "What the passengers’ own cars would have emitted: distance shared, at 195 grams "
                "for each kilometre, the same for all regions."
            ),
            method=_TOOK_PLACE,
            unit=Unit.GRAMS,
            source="journeys",
            amounts=("distance",),
            derive=co2_grams,
            freshness=MONTHLY,
            origin=_("Rides of the region’s service; factor of the national registry of proofs."),
            additive=True,
            order=90,
        ),
    ):
        MEASURES.register(measure)


def _people() -> None:
    for name, label, definition, additive, order in (
        (
            "carpoolers",
            _("People who carpooled"),
            _("Different people who shared a ride that took place, as driver or passenger."),
            False,
            30,
        ),
        (
            "new_drivers",
            _("New drivers"),
            _("People who took somebody along for the first time during the period."),
            True,
            100,
        ),
        (
            "new_passengers",
            _("New passengers"),
            _("People who rode along for the first time during the period."),
            True,
            110,
        ),
    ):
        MEASURES.register(
            Measure(
                name=name,
                label=label,
                definition=definition,
                method=BY_RESIDENCE,
                unit=Unit.PEOPLE,
                source=name,
                amounts=(name,),
                freshness=MONTHLY,
                origin=_RIDES,
                additive=additive,
                order=order,
            )
        )
