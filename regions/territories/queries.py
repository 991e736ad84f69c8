"""Reads of the reference geography. Public data: anybody may ask, nothing depends on who asks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache  # noqa: TID251 - of the register of municipalities, which is no region's

from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, Subquery, Value, When

from regions.territories import names
from regions.territories.models import AdministrativeRegion, Departement, Municipality, SearchKey

SEARCH_LIMIT = 50
"""At most this many answers, whatever is asked."""


def municipality_search(
    text: str, *, regions: Sequence[str] | None = None, limit: int = 10
) -> list[Municipality]:
    """Return the municipalities that somebody may mean by ``text``, the likeliest first.

    ``text`` is the beginning of a name (case, accents, hyphens, a leading article and « St » do not
    matter), of a word in a name, or of a postal code; a name may be followed by its département or
    postal code (« Rennes (35) »). Order: the exact name, names that begin so, names with a word
    that begins so; bigger towns first in each. ``regions`` are INSEE codes of régions to stay in
    (``None``: everywhere). One query; nothing for an empty text.
    """
    asked = names.read_query(text)
    limit = max(0, min(limit, SEARCH_LIMIT))
    keys = SearchKey.objects.all()
    if regions is not None:
        keys = keys.filter(region__in=list(regions))
    if asked.beginnings:
        keys = keys.filter(_begins(asked.beginnings), kind__lt=SearchKey.Kind.POSTAL_CODE)
        if asked.where:
            keys = keys.filter(_lies_in(asked.where, "municipality"))
    elif asked.where.isdigit():
        keys = keys.filter(kind=SearchKey.Kind.POSTAL_CODE, text__startswith=asked.where)
    elif asked.where:  # Corsica's 2A and 2B, which no postal code begins with
        keys = keys.filter(
            municipality__in=Municipality.objects.filter(departement=asked.where),
            kind=SearchKey.Kind.NAME,
        )
    else:
        return []
    # What was typed, not what « St » stands for: « st » is not (yet) the village of Le Saint.
    typed = asked.beginnings[-1:] or ("",)
    keys = keys.annotate(
        likeliness=Case(
            When(kind=SearchKey.Kind.NAME, text__in=typed, then=Value(0)),
            When(kind=SearchKey.Kind.INNER, then=Value(2)),
            default=Value(1),
        )
    )
    best = (
        keys.values("municipality")
        .annotate(nearest=Min("likeliness"), size=Max("population"))
        .order_by("nearest", "-size", "municipality")
        .values("municipality")[:limit]
    )
    own = keys.filter(municipality=OuterRef("pk")).order_by("likeliness").values("likeliness")
    return list(
        Municipality.objects.filter(pk__in=best)
        .annotate(likeliness=Subquery(own[:1]))
        .order_by("likeliness", F("population").desc(nulls_last=True), "code")
    )


def _begins(beginnings: Sequence[str]) -> Q:
    """Match keys that begin with one of these (letters, digits and spaces: nothing to escape)."""
    begins = Q()
    for beginning in beginnings:
        begins |= Q(text__startswith=beginning)
    return begins


def _lies_in(where: str, municipality: str) -> Q:
    """Match a département's code, or the beginning of one of the postal codes."""
    postal = SearchKey.objects.filter(
        municipality=OuterRef(municipality),
        kind=SearchKey.Kind.POSTAL_CODE,
        text__startswith=where,
    )
    return Q(departement=where) | Q(Exists(postal))


def municipality_candidates(
    text: str, *, regions: Sequence[str] | None = None
) -> list[Municipality]:
    """Return the municipalities that ``text`` names in full, bigger first: at best exactly one.

    In full means the whole name (« rennes »), perhaps with its département or postal code, or a
    whole postal code. Used where nobody can choose from a list as they type.
    """
    asked = names.read_query(text)
    found = Municipality.objects.all()
    if regions is not None:
        found = found.filter(region__in=list(regions))
    if asked.beginnings:
        found = found.filter(
            search_keys__kind=SearchKey.Kind.NAME, search_keys__text__in=asked.beginnings
        )
        if asked.where:
            found = found.filter(_lies_in(asked.where, "pk"))
    elif len(asked.where) == names.POSTAL_CODE_LENGTH:
        found = found.filter(_lies_in(asked.where, "pk"))
    else:
        return []
    rows = list(
        found.order_by(F("population").desc(nulls_last=True), "code").distinct()[:SEARCH_LIMIT]
    )
    # « Havre » is Le Havre, unless some municipality is called just that.
    exact = [row for row in rows if row.slug_name in asked.beginnings]
    return exact or rows


def municipality_get(code: str) -> Municipality | None:
    """Return the municipality with this INSEE code, or ``None`` (also for what is no code).

    One query, the first time that this process is asked for it.
    """
    if len(code) != names.INSEE_CODE_LENGTH or not (code.isascii() and code.isalnum()):
        return None
    try:
        return _known(code)
    except Municipality.DoesNotExist:
        return None


@lru_cache(maxsize=4096)
def _known(code: str) -> Municipality:
    # Public and the same for every region; a new file arrives with a new version of the software,
    # once a year, and its processes start with nothing remembered.
    return Municipality.objects.get(pk=code)


def municipalities_get(codes: Sequence[str]) -> dict[str, Municipality]:
    """Return those of the municipalities that exist, by code, in one query."""
    return Municipality.objects.in_bulk(list(codes))


def intercommunality_codes(siren: str) -> list[str]:
    """Return the INSEE codes of the municipalities of an intercommunality (its SIREN code)."""
    rows = Municipality.objects.filter(intercommunality_code=siren) if siren else ()
    return [row.code for row in rows]


def region_names() -> dict[str, str]:
    """Return the names of the régions by code."""
    return dict(AdministrativeRegion.objects.values_list("code", "name"))


def departement_names(*, regions: Sequence[str] | None = None) -> dict[str, str]:
    """Return the names of the départements by code, of all or of some régions."""
    rows = Departement.objects.all()
    if regions is not None:
        rows = rows.filter(region__in=list(regions))
    return dict(rows.values_list("code", "name"))


def departements_by_region(regions: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the names of the départements by code, of some régions, for each of them."""
    found: dict[str, dict[str, str]] = {}
    rows = Departement.objects.filter(region__in=list(regions)).order_by("code")
    for region, code, name in rows.values_list("region", "code", "name"):
        found.setdefault(region, {})[code] = name
    return found


def area_codes(
    *, region: str = "", departement: str = "", intercommunalities: bool = False
) -> list[str]:
    """Return codes of the municipalities of a région or a département, in order.

    ``intercommunalities``: of these, also where they go beyond.
    """
    here = Municipality.objects.all()
    here = here.filter(region=region) if region else here.filter(departement=departement)
    if not intercommunalities:
        return list(here.order_by("code").values_list("code", flat=True))
    found = here.exclude(intercommunality_code="").order_by("intercommunality_code")
    return list(found.values_list("intercommunality_code", flat=True).distinct())


def intercommunality_names(
    *, regions: Sequence[str], within: Sequence[str] | None = None
) -> dict[str, str]:
    """Return the names of the intercommunalities of some régions by SIREN code, by name.

    ``within``: only those that lie in these départements altogether.
    """
    here = Municipality.objects.filter(region__in=list(regions))
    if within is not None:
        beyond = here.exclude(departement__in=list(within))
        here = here.exclude(intercommunality_code__in=beyond.values("intercommunality_code"))
    rows = (
        here.exclude(intercommunality_code="")
        .order_by("intercommunality_name")
        .values_list("intercommunality_code", "intercommunality_name")
        .distinct()
    )
    return dict(rows)
