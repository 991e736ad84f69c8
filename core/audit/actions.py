"""The words of actions and of the fields they change, registered by the apps that act.

An app registers in its ``AppConfig.ready``::

    actions.register("community.updated", _("changed the community"))
    actions.register_fields("community", name=_("Name"), place_label=_("Address"))

An unknown code is shown as it is: history outlives the code that wrote it.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _

_actions: dict[str, str | Promise] = {}
_fields: dict[tuple[str, str], str | Promise] = {}
_values: dict[tuple[str, str, str], str | Promise] = {}
_notes: dict[tuple[str, str], tuple[str | Promise, str | Promise]] = {}


def register(code: str, words: str | Promise) -> None:
    """Give a code its words, which follow a person's name. Raises RuntimeError if taken."""
    if _actions.get(code, words) != words:
        raise RuntimeError(f"an action coded {code!r} is already registered")
    _actions[code] = words


def register_fields(kind: str, **labels: str | Promise) -> None:
    """Name the fields of a kind of object."""
    for name, label in labels.items():
        _fields[kind, name] = label


def register_values(kind: str, field: str, **labels: str | Promise) -> None:
    """Name the values that a field takes, for instance the choices of a status."""
    for value, label in labels.items():
        _values[kind, field, value] = label


def register_refusals(
    code: str, *, tried: dict[str, str | Promise], why: dict[str, str | Promise]
) -> None:
    """Give words to the notes of refused acts, kept as « act: reason » in codes."""
    for kept in tried:
        for reason in why:
            _notes[code, f"{kept}: {reason}"] = (tried[kept], why[reason])


def note_of(code: str, note: str) -> str:
    """Return the note of an action in words: what somebody wrote stands as it is."""
    known = _notes.get((code, note))
    if known is None:
        return note
    return _("%(act)s: %(reason)s") % {"act": known[0], "reason": known[1]}


def words_of(code: str) -> str:
    """Return the words of an action."""
    return str(_actions.get(code, code))


def field_of(kind: str, name: str) -> str:
    """Return the label of a field."""
    return str(_fields.get((kind, name), name))


def value_of(kind: str, field: str, value: object) -> str:
    """Return a value in words; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return ", ".join(value_of(kind, field, one) for one in value)
    known = _values.get((kind, field, str(value)))
    return str(known) if known is not None else str(value)
