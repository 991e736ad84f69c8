"""What the relay refuses."""

from __future__ import annotations


class ForgedLetterError(Exception):
    """A letter names something that is not its sender's: it is set aside, and in the history."""
