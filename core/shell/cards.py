"""What the components that show rides and people need, typed.

Upper floors fill these; the templates under ``templates/components/`` draw them. They hold words
and numbers ready to be shown, never model instances: a page cannot query while it renders a card.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from django.utils.functional import Promise

Tone = Literal["neutral", "accent", "highlight", "success", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A short mark with words and, nearly always, an icon: colour never speaks alone."""

    label: str | Promise
    icon: str = ""
    tone: Tone = "neutral"
    dot: str = ""
    """A colour (#rrggbb) shown as a dot beside the words, e.g. another region's; empty for none."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person as others may see them: never more than the name shown."""

    name: str
    """« Pierre L. »."""
    detail: str | Promise = ""
    """A short line under the name, e.g. « Conducteur »."""
    badges: tuple[Badge, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class TripCard:
    """A ride as the results, the communities and « Mes trajets » show it."""

    url: str
    origin: str
    """Where it starts for the reader, e.g. « Rennes, République »."""
    destination: str
    departs: time | None = None
    """Wall-clock time at the origin; None when flexible."""
    arrives: time | None = None
    """Wall-clock time at the destination; None when unknown."""
    duration: int | None = None
    """Seconds between both."""
    day: date | None = None
    """The day of a one-off ride; None for a regular one."""
    weekdays: frozenset[int] | None = None
    """ISO days (1 Monday … 7 Sunday) of a regular ride; None for a one-off one."""
    walk_before: int | None = None
    """Metres on foot to the meeting point; None when not known."""
    walk_after: int | None = None
    """Metres on foot from the drop-off point; None when not known."""
    detour: int | None = None
    """Seconds of detour for the driver; None when not known."""
    price: int | None = None
    """Contribution in cents; 0 is « Gratuit », None shows nothing."""
    price_untold: bool = False
    """Whether to say that the contribution is not told, where ``price`` is None."""
    seats: int | None = None
    """Seats left; None shows nothing."""
    role: str | Promise = ""
    """« Conducteur·rice » or « Passager·ère »; empty shows nothing."""
    role_icon: str = "car"
    """Name of the icon beside the role: ``car``, ``passenger`` or ``either``."""
    person: PersonLine | None = None
    badges: tuple[Badge, ...] = ()
