"""Who must know that a region's look has changed: called in the transaction that publishes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from branding.themes.models import Theme
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Watcher:
    """An app that follows; ``published`` takes the theme and the connection's alias."""

    name: str
    published: Callable[[Theme, str], None]
    order: int = 100


WATCHERS: Final = Registry[Watcher]("watcher of themes")
