"""What must happen in a region when what it may share has changed.

Apps above register in ``AppConfig.ready``; each is called in the scope of each party, by a task,
after an agreement came into force, was suspended, resumed, or ended::

    EFFECTS.register(Effect(name="adverts", changed=tasks.share_again.enqueue))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Effect:
    """What an app does about it, in the current region."""

    name: str
    changed: Callable[[], object]
    order: int = 100


EFFECTS: Final = Registry[Effect]("effect of agreements")
