"""What every step has: the words typed, kept as they were typed, and the service's own checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict

from core.accounts.models import Account
from rides.adverts.models import Advert, RidesSettings
from rides.adverts.route_rules import Message

Raw = dict[str, list[str]]
"""A step as a browser sends it: what drafts keep."""


@dataclass(frozen=True, slots=True)
class Context:
    """Whose advert it is, and what the other steps already say."""

    account: Account
    rules: RidesSettings
    zone: str
    now: dt.datetime
    advert: Advert | None = None
    """The one that is being changed."""
    role: str = ""
    metres: int | None = None
    """Whole metres of road, once the route is known."""


class StepForm(forms.Form):
    """One step. It is always bound: an empty step has its first values in ``data``."""

    name: ClassVar[str]
    template: ClassVar[str]

    def __init__(self, data: Raw, *, context: Context) -> None:
        super().__init__(MultiValueDict(data))
        self.raw, self.context = data, context
        self.prepare()

    def prepare(self) -> None:
        """Add fields and choices that depend on the person, the region or the data."""

    def without_errors(self) -> None:
        """Show what was typed, and say nothing of it yet."""
        self.full_clean()
        self._errors = ErrorDict(renderer=self.renderer)

    def add_messages(self, found: Mapping[str, Message], fields: Mapping[str, str]) -> None:
        """Put what the service says beside the control that said it; ``fields`` tells which."""
        for name, message in found.items():
            field = fields.get(name, name)
            target = field if field in self.fields else None
            if str(message) not in self.errors.get(target or "__all__", []):
                self.add_error(target, str(message))


def kept(data: Mapping[str, Any], names: Iterable[str]) -> Raw:
    """The named controls of what a browser sent, as a draft keeps them."""
    read = data.getlist if hasattr(data, "getlist") else lambda name: data.get(name, [])
    return {name: [str(value)[:2000] for value in read(name)] for name in names if name in data}


def number(raw: Raw, name: str, *, most: int, default: int = 0) -> int:
    """A whole number that a hidden control carries, within bounds whatever was sent."""
    text = (raw.get(name) or [""])[-1]
    return min(int(text), most) if text.isascii() and text.isdigit() else default


def text(raw: Raw, name: str) -> str:
    """The text of one control; empty for none."""
    return (raw.get(name) or [""])[-1]
