"""What upper apps add to an advert's own page: above it, and beside the author's name."""

from __future__ import annotations

from typing import Final

from core.shell.panels import Panels
from rides.adverts.models import Advert

ADVERT_PANELS: Final = Panels[Advert]("panel of adverts")
ADVERT_HEADS: Final = Panels[Advert]("head of adverts")
