"""Hypothesis, for a machine that may be busy: no deadline, the same examples every time."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rides", deadline=None, derandomize=True)
settings.load_profile("rides")
