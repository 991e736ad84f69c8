"""Mails whose content is looked up when they leave, each time they are tried.

What a mail tells of may be taken back while it waits for a mail server. Apps register in
``AppConfig.ready``, and name theirs in ``services.mail_send(maker=...)``::

    MAKERS.register(Maker(name="search-alert", make=mail_context))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Maker:
    """``make`` gets the context that was queued and returns that of the templates.

    None: there is nothing to tell any more, and no mail is sent. It runs in the mail's region.
    """

    name: str
    make: Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
    order: int = 100


MAKERS: Final = Registry[Maker]("maker of mails")


def made(name: str, context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the context of a mail as it is now; the one given where it names no maker."""
    if not name:
        return context
    maker = next((one for one in MAKERS if one.name == name), None)
    if maker is None:
        raise LookupError(f"no maker of mails named {name}")
    return maker.make(context)
