"""« Récapitulatif »: what the steps say, in words and on a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.shell import humanise
from rides.adverts.cards import ROLES
from rides.adverts.inputs import OneOff, Weekly
from rides.adverts.maps import places_on_map, point_feature
from rides.adverts.settings import school_zone_of
from rides.adverts.site.wizard.state import STEPS, Wizard
from rides.adverts.words import holiday_words
from rides.places.models import CarpoolPlace


@dataclass(frozen=True, slots=True)
class Section:
    """A step in words, and where to change it."""

    title: str | Promise
    lines: list[str]
    url: str


def sections(wizard: Wizard) -> list[Section]:
    """One section per step; a step that is not valid says so."""
    found = []
    for step, words in zip(STEPS, _WORDS, strict=True):
        form = wizard.form(step)
        lines = (
            [str(line) for line in words(wizard, form.cleaned_data)]
            if form.is_valid()
            else [_("To be completed")]
        )
        found.append(Section(step.label, lines, wizard.url(step.slug)))
    return found


def route_map(wizard: Wizard, offers: Sequence[CarpoolPlace] = ()) -> dict[str, Any] | None:
    """The way on a map, with places that may become stops of it; None while it is not known."""
    form = wizard.form(STEPS[2])
    if not form.is_valid():
        return None
    places = form.cleaned_data["points"]
    drawn = places_on_map([(place.label, place.shown) for place in places])
    drawn["features"] += [
        point_feature(
            place.point,
            kind="offer",
            id=f"place-{place.pk}",
            title=place.name,
            text=place.town,
            button={"name": "go", "value": f"place-{place.pk}", "label": _("Stop there")},
        )
        for place in offers
    ]
    return drawn


def _role(wizard: Wizard, data: dict[str, Any]) -> Iterator[str | Promise]:
    yield ROLES[data["role"]][0]


def _planning(wizard: Wizard, data: dict[str, Any]) -> Iterator[str]:
    planning = data["planning"]
    if isinstance(planning, OneOff):
        yield _at(humanise.day(planning.date), humanise.clock(planning.time))
        if planning.return_date and planning.return_time:
            back = _at(humanise.day(planning.return_date), humanise.clock(planning.return_time))
            yield _("Return: %(when)s") % {"when": back}
        return
    assert isinstance(planning, Weekly)
    together: dict[tuple[Any, Any], list[int]] = {}
    for slot in planning.slots:
        together.setdefault((slot.time, slot.return_time), []).append(slot.weekday + 1)
    for (leaves, back_at), days in together.items():
        words = _at(humanise.weekdays(days), humanise.clock(leaves))
        if back_at:
            words += _(", return at %(time)s") % {"time": humanise.clock(back_at)}
        yield words
    if planning.valid_from and planning.valid_until:
        words = humanise.period(planning.valid_from, planning.valid_until)
        yield words[0].upper() + words[1:]
    else:
        yield _("Valid for one year")
    route = wizard.form(STEPS[2])
    code = route.cleaned_data["origin"].code if route.is_valid() else ""
    yield from holiday_words(
        school=data["no_school_holidays"],
        public=data["no_public_holidays"],
        zone=school_zone_of(code, wizard.rules),
    )


def _at(day: str, clock: str) -> str:
    words = _("%(day)s, %(time)s") % {"day": day, "time": clock}
    return words[:1].upper() + words[1:]


def _route(wizard: Wizard, data: dict[str, Any]) -> Iterator[str]:
    yield " → ".join(place.label for place in data["points"])
    yield _("About %(distance)s by road") % {"distance": humanise.distance(data["metres"])}
    names = [community.name for community in data["communities"]]
    if names:
        yield _("Published in: %(names)s") % {"names": ", ".join(names)}


def _passengers(wizard: Wizard, data: dict[str, Any]) -> Iterator[str]:
    seats = data["seats"]
    yield ngettext("%(count)d seat", "%(count)d seats", seats) % {"count": seats}
    if data["wheelchair"]:
        yield _("With a wheelchair")
    if data.get("same_gender"):
        yield _("Only with people of the same civil title")


def _contribution(wizard: Wizard, data: dict[str, Any]) -> Iterator[str]:
    cents = data["cents_per_km"]
    if not cents:
        yield _("Free ride")
        return
    total = wizard.form(STEPS[4]).total_now  # type: ignore[attr-defined]
    rate = ngettext("%(count)d cent per kilometre", "%(count)d cents per kilometre", cents) % {
        "count": cents
    }
    yield _("%(total)s per person (%(rate)s)") % {"total": total, "rate": rate} if total else rate


def _message(wizard: Wizard, data: dict[str, Any]) -> Iterator[str]:
    yield data["comment"] or _("No message")


_WORDS = (_role, _planning, _route, _passengers, _contribution, _message)
