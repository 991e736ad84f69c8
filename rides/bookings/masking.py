"""Words that two people write before they have agreed, without telephone numbers and links.

Each is replaced by « ••• ». What people try is known: spaces and dots, a letter for a digit, digits
in words (« zéro six douze »), « arobase » and « point com ». Only what makes up a whole French or
international number counts, so that hours, dates, prices and postal codes stay.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

HIDDEN: Final = "•••"

_UNITS: Final = (
    *("zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
_TENS: Final = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def _names() -> dict[str, str]:
    """French names of 0 to 99, without accents and with spaces, and their digits."""
    names = {name: str(number) for number, name in enumerate(_UNITS)}
    names |= {f"dix {_UNITS[unit]}": f"1{unit}" for unit in (7, 8, 9)}
    for ten, name in _TENS.items():
        names[name] = str(ten)
        for unit in range(1, 20 if ten == 60 else 10):
            joint = " et " if unit in (1, 11) else " "
            names[f"{name}{joint}{_teen(unit)}"] = str(ten + unit)
    for unit in range(20):
        names[f"quatre vingt {_teen(unit)}".strip() if unit else "quatre vingt"] = str(80 + unit)
    names["quatre vingts"] = "80"
    names["une"] = "1"
    return names


def _teen(number: int) -> str:
    return _UNITS[number] if number <= 16 else f"dix {_UNITS[number - 10]}"


_NAMES: Final = _names()
_WORD: Final = "|".join(
    name.replace(" ", r"[\s\-]+") for name in sorted(_NAMES, key=len, reverse=True)
)
# A digit, or what people write for one: a word, or a letter beside digits.
_TOKEN: Final = re.compile(rf"\d|\b(?:{_WORD})\b|(?<=[\d\W])[oil](?=[\d\W])|(?<![a-z])[oil](?=\d)")
_LETTERS: Final = {"o": "0", "i": "1", "l": "1"}
_GAP: Final = re.compile(r"[\s.,;:/\\|_*~()\[\]{}<>+\-–—'\"=#•·…!?h]{0,6}")
_NUMBER: Final = re.compile(r"(?:0033|33)0?[1-9]\d{8}|0[1-9]\d{8}")
_ABROAD: Final = re.compile(r"\+\s?[\d][\d\s.\-()]{7,18}\d")

# What has digits and is no telephone number: dates and hours.
_DATE: Final = re.compile(r"\b[0-3]?\d[/.\-][01]?\d[/.\-](?:20)\d\d\b|\b20\d\d-[01]\d-[0-3]\d\b")
_HOUR: Final = re.compile(r"(?<![\dh:])(?:[01]?\d|2[0-3])\s?[h:]\s?(?:[0-5]\d)?(?![\dh:])")

_TOP: Final = "com|fr|net|org|eu|info|me|io|gg|be|ch|bzh|app|link|ly|co|uk|tv|site|online|shop"
_DOT: Final = r"(?:\s?[.·•]\s?|\s*[\[({]\s*(?:\.|dot|point)\s*[\])}]\s*|\s+(?:dot|point)\s+)"
_AT: Final = (
    r"(?:\s?@\s?|\s*[\[({]\s*(?:@|at|arobase|chez)\s*[\])}]\s*|\s+(?:at|arobase|arobas)\s+)"
)
_LINK: Final = re.compile(
    rf"[\w.+\-]+{_AT}[\w\-]+(?:{_DOT}[\w\-]+)*"  # e-mail
    r"|\b(?:h\s?t\s?t\s?p\s?s?|hxxps?)\s?:\s?/\s?/\s?\S+"
    r"|\bw\s?w\s?w\s?[.·]\s?\S+"
    rf"|\b[\w\-]+(?:{_DOT}[\w\-]{{2,}})*{_DOT}(?:{_TOP})\b(?:/\S*)?"
    r"|(?<!\w)@[\w.]{3,}"
)


def masked(text: str) -> str:
    """Return the text with telephone numbers, e-mail addresses and links replaced."""
    plain = _plain(text)
    hidden = sorted([*_numbers(plain), *(found.span() for found in _LINK.finditer(plain))])
    parts, done = [], 0
    for start, stop in hidden:
        if start < done:
            done = max(done, stop)
            continue
        parts += [text[done:start], HIDDEN]
        done = stop
    parts.append(text[done:])
    return "".join(parts)


def hides_something(text: str) -> bool:
    """Whether ``masked`` would change the text."""
    return masked(text) != text


def _plain(text: str) -> str:
    """The text in small letters without accents, one character for each of the original's."""
    return "".join(_one(letter) for letter in text)


def _one(letter: str) -> str:
    if unicodedata.category(letter) == "Cf":  # written between digits, seen by nobody
        return " "
    if letter.isdigit() and not letter.isascii():
        try:
            return str(unicodedata.digit(letter))
        except ValueError:
            return letter
    simple = unicodedata.normalize("NFKD", letter)
    simple = "".join(part for part in simple if not unicodedata.combining(part)).lower()
    return simple if len(simple) == 1 else letter.lower()[:1] or letter


def _numbers(plain: str) -> list[tuple[int, int]]:
    """Where telephone numbers stand: chains of digits, however they are written."""
    safe = plain
    for pattern in (_DATE, _HOUR):
        safe = pattern.sub(lambda found: "x" * len(found.group()), safe)
    found = [match.span() for match in _ABROAD.finditer(safe)]
    chain: list[tuple[int, int, str]] = []
    for token in [*_TOKEN.finditer(safe), None]:
        near = token is not None and (
            not chain or _GAP.fullmatch(safe, chain[-1][1], token.start()) is not None
        )
        if token is not None and near:
            chain.append((token.start(), token.end(), _digits(token.group())))
            continue
        found += _in_chain(chain)
        chain = [(token.start(), token.end(), _digits(token.group()))] if token else []
    return found


def _in_chain(chain: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """The telephone numbers in one chain of digits."""
    digits = "".join(one[2] for one in chain)
    places = [index for index, one in enumerate(chain) for _digit in one[2]]
    return [
        (chain[places[match.start()]][0], chain[places[match.end() - 1]][1])
        for match in _NUMBER.finditer(digits)
    ]


def _digits(token: str) -> str:
    name = " ".join(re.split(r"[\s\-]+", token))
    return _NAMES.get(name) or _LETTERS.get(token, token)
