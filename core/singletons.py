"""Rules of a region that are one row: its defaults hold until somebody saves others.

The model keeps the row alone (a primary key that is always 1, and a constraint that says so).
"""

from __future__ import annotations

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)
KEY = 1


def row_in_force(model: type[Row]) -> Row:
    """Return the rules in force here; unsaved defaults when none were set. One statement."""
    return model._default_manager.filter(pk=KEY).first() or model()


def row_put_in_force(row: Row) -> Row:
    """Save these rules in place of the others; the last one to save wins."""
    row.pk = KEY
    row.save()
    return row
