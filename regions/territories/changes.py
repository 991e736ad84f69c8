"""A correspondence of codes: read from what somebody wrote, and what is wrong with each line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from regions.territories.models import Intercommunality, Municipality, TerritoryChange
from tenants.errors import PasserelleError

Kind = TerritoryChange.Kind
MOST: Final = 2_000
"""Lines of one correspondence."""
QUOTED: Final = 60
"""Characters of a line that a problem quotes."""
_SHAPES: Final = {Kind.MUNICIPALITY: r"[0-9][0-9AB][0-9]{3}", Kind.INTERCOMMUNALITY: r"[0-9]{9}"}
_BETWEEN: Final = re.compile(r"\s*(?:->|→|[;:,\t])\s*|\s+")


class Problem(NamedTuple):
    """Why a line cannot be."""

    line: int
    """From 1 on, of what was typed; of ``changes_problems``, of the changes. 0: of the whole."""
    code: str
    """``unknown_territory``, ``same_territory``, ``territory_twice``, ``territory_circle``,
    ``territory_order``, ``territory_line``."""
    message: str | Promise


class TerritoryError(PasserelleError):
    """A change that cannot be, with its problems; the code is that of the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.message, code=first.code)
        self.problems = list(problems)


def lines_of(text: str) -> list[tuple[int, str]]:
    """Return the lines that should be codes, with their numbers: neither empty nor a header."""
    found: list[tuple[int, str]] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip().strip("\ufeff")
        if line and (found or re.search(r"[0-9]", line)):
            found.append((number, line))
    return found


def changes_read(text: str) -> list[tuple[str, str]]:
    """Read « 35001;35002 » line by line; words above the first codes are a header.

    Codes stand in any form that a spreadsheet or a person gives them: « ; », « , », « : », a tab, a
    space or an arrow between. Raises ``TerritoryError`` with the lines that are not two codes.
    """
    found: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for number, line in lines_of(text):
        parts = [part.strip("\"'").upper() for part in _BETWEEN.split(line) if part]
        if len(parts) < 2 or not all(re.fullmatch(r"[0-9AB]{5,9}", part) for part in parts[:2]):
            said = format_lazy(
                _("“{line}” is not an old code and a new one, such as 35051;35238."),
                line=Truncator(line).chars(QUOTED),
            )
            problems.append(Problem(number, "territory_line", said))
            continue
        found.append((parts[0], parts[1]))
    if len(found) > MOST:
        problems.append(Problem(0, "territory_line", _("There are more than 2,000 lines.")))
    if problems:
        raise TerritoryError(problems)
    return found


def changes_problems(
    kind: str, changes: Sequence[tuple[str, str]], since: dt.date
) -> list[Problem]:
    """Say what is wrong, line by line: the register and what changed before decide. Two queries."""
    if not changes:
        return [Problem(0, "unknown_territory", _("No code is given."))]
    model = Municipality if kind == Kind.MUNICIPALITY else Intercommunality
    news = {new for _old, new in changes}
    known = set(model.objects.filter(code__in=news).values_list("code", flat=True))
    olds = {old for old, _new in changes}
    became: dict[str, set[str]] = {}
    for old, new in changes:
        became.setdefault(old, set()).add(new)
    gone, made = _before(kind, olds)
    problems, seen = [], set()
    for number, (old, new) in enumerate(changes, start=1):
        same = became[old] == {old}
        if not re.fullmatch(_SHAPES[Kind(kind)], old):
            said = format_lazy(_("{code} is no code of this kind of territory."), code=old)
            problems.append(Problem(number, "unknown_territory", said))
        elif new not in known:
            said = format_lazy(_("The register knows no code {code}."), code=new)
            problems.append(Problem(number, "unknown_territory", said))
        elif (old, new) in seen:
            said = format_lazy(_("{code} is moved there by a line above already."), code=old)
            problems.append(Problem(number, "territory_twice", said))
        elif same:
            said = format_lazy(_("{code} would become itself."), code=old)
            problems.append(Problem(number, "same_territory", said))
        elif new in became and new != old:
            said = format_lazy(_("{code} is old and new at once."), code=new)
            problems.append(Problem(number, "territory_circle", said))
        elif old in gone and gone[old] != (became[old], since):
            said = format_lazy(
                _("{code} has become {others} already, from {day} on."),
                code=old,
                others=", ".join(sorted(gone[old][0])),
                day=gone[old][1].isoformat(),
            )
            problems.append(Problem(number, "territory_twice", said))
        elif old in made and since <= made[old]:
            said = format_lazy(
                _("{code} would end before it starts: it exists from {day} on."),
                code=old,
                day=made[old].isoformat(),
            )
            problems.append(Problem(number, "territory_order", said))
        seen.add((old, new))
    return problems


def _before(
    kind: str, olds: set[str]
) -> tuple[dict[str, tuple[set[str], dt.date]], dict[str, dt.date]]:
    """What is recorded of old codes: those that ceased, with what they became; and when new."""
    gone: dict[str, tuple[set[str], dt.date]] = {}
    made: dict[str, dt.date] = {}
    rows = TerritoryChange.objects.filter(kind=kind).order_by("since", "pk")
    for old, new, since in rows.values_list("old_code", "new_code", "since"):
        if old in olds:
            parts, first = gone.get(old, (set(), since))
            gone[old] = ({*parts, new} if first == since else {new}, since)
        if new in olds and new != old:
            made[new] = max(since, made.get(new, since))
    return {old: told for old, told in gone.items() if old not in told[0]}, made
