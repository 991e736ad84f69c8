"""Columns of adverts that Django has no field for."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField


class PackedField(ArrayField):  # type: ignore[type-arg]
    """An array of numbers that the program itself made: none of them is looked at one by one.

    Django prepares each element apart, which for the keys of a long route takes longer than making
    them. To migrations it is a plain ``ArrayField``, which it is.
    """

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return all of it as one text, which PostgreSQL reads as the column's own type."""
        return f"{{{','.join(map(repr, value))}}}" if isinstance(value, list) else value

    def deconstruct(self) -> Any:
        """Be an ``ArrayField``."""
        name, _path, positional, named = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", positional, named
