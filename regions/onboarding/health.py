"""What floors add to the platform's health: figures only, never a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Sign:
    """Figures under one key of ``/health/``; read in the platform's scope, in one query."""

    name: str
    read: Callable[[], Mapping[str, int]]
    order: int = 100


SIGNS: Final = Registry[Sign]("sign of health")
