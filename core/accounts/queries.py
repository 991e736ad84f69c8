"""Reads about people that several floors share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, Final, TypeVar, cast

from django.db.models import CharField, F, Func, Model, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

from core.accounts.models import Consent

M = TypeVar("M", bound=Model)

_ACCENTED: Final = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ"
_PLAIN: Final = "aaaaaaceeeeiiiinooooouuuuyy"
WORDS: Final = 6
"""Words of a search that count."""


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFD", text.lower())
    return "".join(one for one in parts if not unicodedata.combining(one))


def people_named(rows: QuerySet[M], text: str, *, prefix: str = "") -> QuerySet[M]:
    """Keep the rows whose person's name has every word of ``text``, whatever accents and capitals.

    ``prefix`` leads from a row to its account: ``"account__"`` for memberships.
    """
    words = _folded(text).split()[:WORDS]
    if not words:
        return rows
    name = Concat(F(f"{prefix}first_name"), Value(" "), F(f"{prefix}last_name"))
    folded: Any = Func(
        Lower(name, output_field=TextField()),
        Value(_ACCENTED),
        Value(_PLAIN),
        function="translate",
        output_field=CharField(),
    )
    found: Any = rows.alias(folded_name=folded)
    for word in words:
        found = found.filter(folded_name__contains=word)
    return cast("QuerySet[M]", found)


def accounts_that_accept_mails(account_ids: Iterable[int]) -> set[int]:
    """Return those of the accounts whose consent to news holds; one query."""
    return set(
        Consent.objects.filter(
            account_id__in=list(account_ids), kind=Consent.Kind.NEWS, withdrawn_at=None
        ).values_list("account_id", flat=True)
    )


def accepting_mails() -> QuerySet[Consent, Any]:
    """Return a subquery of the accounts whose consent to news holds, for ``account_id__in``."""
    return (
        Consent.objects.filter(kind=Consent.Kind.NEWS, withdrawn_at=None)
        .order_by()
        .values("account_id")
    )
