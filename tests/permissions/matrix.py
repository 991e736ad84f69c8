"""How a table of permissions is written and read.

One line is one method on one address, for six people and for another region's object::

    # method address                 visitor member other referent administrator operator | elsewhere
    GET      /communautes/{community}/   200    200   200      200           200      200 | 404

* The address names objects of the region by ``{placeholder}`` (``world.py`` makes them). ``member``
  owns them (wrote the advert, belongs to the community), ``other`` is a member with no tie to them,
  ``referent`` runs the community, ``administrator`` administers the region, ``operator`` is signed
  in on the platform's host.
* A cell is a status. ``in`` is a redirection to the sign-in page with the way back (the back office
  has a page of its own that leads there), ``302`` one to anywhere else.
* ``elsewhere`` is what the people of this region get for the other region's object. Whoever is asked
  to sign in (or refused by the API for want of a session) before anything is looked up stays so.
* ``< name`` after the address says what is sent (``world.py``).
* ``gone`` at the end says that this object is kept from everybody: its allowed twin is another
  object at that address. ``never`` says that the address lets nobody through at all.

Lines are expectations: they are written from the rules (``access.py``), never from what was seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ROLES = ("visitor", "member", "other", "referent", "administrator", "operator")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SIGN_IN = "in"
REFUSALS = frozenset({SIGN_IN, "401", "403", "404", "410"})
"""What says no. 302, 308 and 2xx let through; 409, 422 and 429 answer someone who may."""
MARKS = ("gone", "never")
HOSTS = ("site", "console", "platform", "mail")

_PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    host: str
    method: str
    path: str
    cells: tuple[str, ...]
    sends: str = ""
    elsewhere: str = ""
    mark: str = ""
    """``gone``, ``never`` or nothing."""

    def __str__(self) -> str:
        sends = f" < {self.sends}" if self.sends else ""
        return f"{self.host} {self.method} {self.path}{sends}"

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names of the objects in the address."""
        return tuple(_PLACEHOLDER.findall(self.path))

    def expected(self, role: str) -> str:
        """Return the cell of a role."""
        return self.cells[ROLES.index(role)]

    def expected_elsewhere(self, role: str) -> str:
        """Return what a role gets for another region's object."""
        own = self.expected(role)
        return own if own in {SIGN_IN, "401", "403"} else self.elsewhere

    def allowed(self) -> tuple[str, ...]:
        """Return the roles that are let through."""
        return tuple(role for role in ROLES if self.expected(role) not in REFUSALS)


def table(host: str, text: str) -> tuple[Row, ...]:
    """Read a table; raise ``ValueError`` for a line that is not one."""
    return tuple(
        _row(host, line) for line in text.splitlines() if line.strip() and line.strip()[0] != "#"
    )


def _row(host: str, line: str) -> Row:
    left, _bar, right = line.partition("|")
    words, after = left.split(), right.split()
    method, path, *rest = words
    mark = (after or rest)[-1]
    if mark in MARKS:
        (after or rest).pop()
    else:
        mark = ""
    sends = ""
    if rest[:1] == ["<"]:
        sends, rest = rest[1], rest[2:]
    problems = [
        host not in HOSTS,
        method not in METHODS,
        not path.startswith("/"),
        len(rest) != len(ROLES),
        len(after) > 1,
        not all(re.fullmatch(rf"{SIGN_IN}|\d\d\d", cell) for cell in (*rest, *after)),
    ]
    if any(problems):
        raise ValueError(f"not a line of a table: {line!r}")
    return Row(host, method, path, tuple(rest), sends, "".join(after), mark)
