"""Names of municipalities as people type them, brought to one form.

``fold`` is what is stored and searched: lower case, no accents, ligatures spelt out, everything
that is no letter or digit a single space, « St » and « Ste » written in full. Pure functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_SPELT_OUT = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
}
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
POSTAL_CODE_LENGTH = 5
INSEE_CODE_LENGTH = 5
_ARTICLES = frozenset({"l", "le", "la", "les"})
_SMALL_WORDS = _ARTICLES | {
    *("a", "au", "aux", "d", "de", "des", "du", "en", "et", "lez", "sous", "sur")
}
_SEPARATORS = re.compile(r"[^a-z0-9]+")
# « Chalon s/ Saône », « Rosny s/s bois »
_UNDER = re.compile(r"\b(?:ss|s/s)/|\bs/s\b")
_ON = re.compile(r"\bs/")


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = _ON.sub("sur ", _UNDER.sub("sous ", folded))
    return _SEPARATORS.sub(" ", folded).strip()


def fold(name: str) -> str:
    """Return the form in which names are stored and compared.

    >>> fold("Saint-Étienne-de-Bœuf"), fold("STE  marie"), fold("L’Haÿ-les-Roses")
    ('saint etienne de boeuf', 'sainte marie', 'l hay les roses')
    """
    return " ".join(_SPELT_OUT.get(word, word) for word in _plain(name).split())


@dataclass(frozen=True, slots=True)
class SearchKey:
    """A text by whose beginning a municipality is found; ``inner`` if it begins inside the name."""

    text: str
    inner: bool


def search_keys(folded: str) -> Iterator[SearchKey]:
    """Yield the keys of a folded name: itself, without its article, from each word that matters.

    >>> [key.text for key in search_keys("la chapelle sur erdre")]
    ['la chapelle sur erdre', 'chapelle sur erdre', 'erdre']
    """
    words = folded.split()
    yield SearchKey(folded, inner=False)
    start = 1
    if words[0] in _ARTICLES and len(words) > 1:
        yield SearchKey(" ".join(words[1:]), inner=False)
        start = 2
    for index in range(start, len(words)):
        if words[index] not in _SMALL_WORDS:
            yield SearchKey(" ".join(words[index:]), inner=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed: beginnings of a name, and digits that say where it is.

    ``beginnings`` has two entries when the last word may still be growing (« st » begins both
    Saint-Malo and Strasbourg). ``where`` is a département's code or the beginning of a postal code.
    """

    beginnings: tuple[str, ...]
    where: str


_WHERE = re.compile(r"^(?:\d{1,5}|2[ab])$")
# What stands after a town's name in an address and says nothing of which town it is.
_ASIDES = frozenset({"cedex", "arr", "arrondissement"})
_DISTRICT = re.compile(r"^\d{1,2}(?:er|e|eme)?$")
_WITH_DISTRICTS = {"paris": "75", "lyon": "69", "marseille": "13"}


def read_query(text: str) -> Asked:
    """Split what was typed into name and place; wildcards and other signs are only separators.

    >>> read_query("St Malo (35)")
    Asked(beginnings=('saint malo',), where='35')
    >>> read_query("35000").where, read_query("st").beginnings
    ('35000', ('saint', 'st'))
    """
    words = _plain(text[:100]).split()
    words = words[:1] + [word for word in words[1:] if word not in _ASIDES]
    where = ""
    if len(words) == 2 and words[0] in _WITH_DISTRICTS and _DISTRICT.match(words[1]):
        where = _WITH_DISTRICTS[words[0]]  # « Lyon 3e » is Lyon, not some Lyon of département 3
        del words[1]
    elif words and _WHERE.match(words[-1]):
        where = words.pop().upper()
    elif words and _WHERE.match(words[0]) and len(words) > 1 and len(words[0]) >= 2:
        where = words.pop(0).upper()
    if not words:
        return Asked((), where)
    full = " ".join(_SPELT_OUT.get(word, word) for word in words)
    growing = " ".join([_SPELT_OUT.get(word, word) for word in words[:-1]] + words[-1:])
    return Asked(tuple(dict.fromkeys((full, growing))), where)
