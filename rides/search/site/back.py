"""« Retour aux résultats »: an advert's page, opened from results, leads back to them.

The link to the advert carries the search's own parameters and the ride's place in the list. The way
back is always the address of the search on this site: nothing that is carried names a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from rides.adverts.models import Advert
from rides.bookings.site.choices import DAY

SEARCH: Final = "recherche"
PLACE: Final = "trajet"
LONGEST: Final = 1000


def with_way_back(url: str, asked: QueryDict, place: int, day: str = "") -> str:
    """The address of an advert's page, from the results of ``asked``, where it is number place.

    ``day`` says which of its days was found (``bookings.site.choices``), for the form that books.
    """
    parameters = QueryDict(mutable=True)
    parameters[SEARCH], parameters[PLACE] = asked.urlencode(), str(place)
    if day:
        parameters[DAY] = day
    return f"{url}?{parameters.urlencode()}"


def way_back(request: HttpRequest, _advert: Advert | None = None) -> Mapping[str, Any] | None:
    """What ``search/back.html`` reads; None for whoever does not come from results."""
    said = request.GET.get(SEARCH, "")
    if not 0 < len(said) <= LONGEST:
        return None
    place = request.GET.get(PLACE, "")
    anchor = f"#trajet-{place}" if place.isascii() and place.isdigit() and len(place) < 4 else ""
    return {"url": f"{reverse('search:results')}?{QueryDict(said).urlencode()}{anchor}"}
