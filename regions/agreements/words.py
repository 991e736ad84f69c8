"""What an agreement says, in words, for both consoles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import pgettext

from regions.agreements.models import Agreement, Field, Pooled
from regions.agreements.queries import fields_of, territory_words


def told(agreement: Agreement) -> dict[str, Any]:
    """Return what ``agreements/_terms.html`` shows; None where nothing of the kind is pooled."""
    return {
        "pools": pooled_words(agreement.pools),
        "fields": _fields(agreement, Pooled.ADVERTS),
        "community_fields": _fields(agreement, Pooled.COMMUNITIES),
        "territory": territory_words(agreement.departments),
    }


def pooled_words(pools: Sequence[str], *, inside: bool = False) -> str:
    """« Les annonces, sans le nom de leur auteur·ice ; les statistiques… »: one phrase.

    ``inside`` a sentence, the first begins without a capital as the others do.
    """
    told = [str(Pooled(name).label) for name in pools]
    small = [label[:1].lower() + label[1:] for label in told]
    told = small if inside else [*told[:1], *small[1:]]
    return pgettext("between the things that are pooled", "; ").join(told)


def _fields(agreement: Agreement, pooled: Pooled) -> list[str] | None:
    if pooled not in agreement.pools:
        return None
    wanted = fields_of([pooled])
    return [str(Field(name).label) for name in agreement.fields if name in wanted]
