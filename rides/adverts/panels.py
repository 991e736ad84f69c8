"""What upper apps add to an advert's own page, and what they ask its author who publishes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from core.registry import Registry
from core.shell.panels import Panels
from rides.adverts.inputs import AdvertInput
from rides.adverts.models import Advert

ADVERT_PANELS: Final = Panels[Advert]("panel of adverts")
ADVERT_HEADS: Final = Panels[Advert]("head of adverts")
SUMMARY_PANELS: Final = Panels[AdvertInput]("panel of the summary")
"""Inside the form of « Publier »: what is asked there is answered in ``ANSWERS``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app does with the controls that its panel added to the summary's form."""

    name: str
    take: Callable[[HttpRequest, Advert], None]
    """Called once the advert is online; it never undoes it."""
    order: int = 100


ANSWERS: Final = Registry[Answer]("answer of the summary")
