"""Municipalities and what they belong to, as the national registers say.

Loaded from the bundled file by ``services.territories_load`` and never edited. They live in the
public schema; other apps refer to a municipality by its INSEE code, never by a foreign key.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class AdministrativeRegion(models.Model):
    """A région of the State (« Bretagne »); our own regions are ``tenants.Tenant``."""

    code = models.CharField(primary_key=True, max_length=3)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Departement(models.Model):
    """A département, or an overseas collectivity that stands in its place; ``region`` is a code."""

    code = models.CharField(primary_key=True, max_length=3)
    name = models.CharField(max_length=60)
    region = models.CharField(max_length=3)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Intercommunality(models.Model):
    """An EPCI with own taxation: ``code`` is its SIREN, ``kind`` CC, CA, CU, METRO or MET69."""

    code = models.CharField(primary_key=True, max_length=9)
    kind = models.CharField(max_length=5)
    name = models.CharField(max_length=160)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A commune of today.

    ``slug_name`` is the name as ``names.fold`` writes it. ``departement``, ``region`` and
    ``intercommunality_code`` are codes; the last is empty for a few islands. ``population`` counts
    inhabitants (unknown where nobody lives). ``lat`` and ``lon`` are the contour's centroid in
    degrees (WGS 84), unknown for the overseas collectivities whose contours are not published
    (départements 975 to 989).
    """

    code = models.CharField(primary_key=True, max_length=5)
    name = models.CharField(max_length=60)
    slug_name = models.CharField(max_length=60)
    departement = models.CharField(max_length=3)
    region = models.CharField(max_length=3)
    intercommunality_code = models.CharField(max_length=9, blank=True)
    intercommunality_name = models.CharField(max_length=160, blank=True)
    postal_codes = ArrayField(models.CharField(max_length=5))
    population = models.PositiveIntegerField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    class Meta:
        ordering = ["slug_name", "departement"]
        indexes = [
            models.Index(
                fields=["slug_name"], opclasses=["text_pattern_ops"], name="municipality_slug_name"
            ),
            models.Index(fields=["departement"], name="municipality_departement"),
            models.Index(fields=["region"], name="municipality_region"),
            models.Index(fields=["intercommunality_code"], name="municipality_intercommunality"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name with its département, as people tell homonyms apart: « Rennes (35) »."""
        return f"{self.name} ({self.departement})"

    @property
    def is_located(self) -> bool:
        """Whether we know where it is."""
        return self.lat is not None and self.lon is not None


class SearchKey(models.Model):
    """A text by whose beginning a municipality is found.

    What a search filters and sorts by is repeated here, so that it reads this table alone and only
    then the few rows that it returns. Written by the loader only: hence no constraint to check.
    """

    class Kind(models.IntegerChoices):
        """Where the text comes from; names come before words inside names."""

        NAME = 0
        INNER = 1
        POSTAL_CODE = 2

    text = models.CharField(max_length=60)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    municipality = models.ForeignKey(
        Municipality,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,  # the one below: Django's own would be two
        related_name="search_keys",
    )
    departement = models.CharField(max_length=3)
    region = models.CharField(max_length=3)
    population = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["text"], opclasses=["text_pattern_ops"], name="municipality_search_text"
            ),
            models.Index(fields=["municipality"], name="municipality_search_of"),
        ]

    def __str__(self) -> str:
        return self.text


class LoadedRelease(models.Model):
    """Which bundled file the tables hold (one row): loading the same again does nothing."""

    version = models.CharField(primary_key=True, max_length=12)
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.version


class TerritoryChange(models.Model):
    """From a day on, what was ``old_code`` is ``new_code``, or lies partly in it.

    A merger has several old codes for a new one, a split several new ones for an old one.
    Written by ``moves.territories_move`` and kept for good: statistics of before and after are
    compared through it (``correspondence``).
    """

    class Kind(models.TextChoices):
        """What the codes name."""

        MUNICIPALITY = "municipality", "commune"
        INTERCOMMUNALITY = "intercommunality", "EPCI"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    old_code = models.CharField(max_length=9)
    new_code = models.CharField(max_length=9)
    since = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "old_code", "new_code", "since"], name="territory_changed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code} ({self.since})"


class TerritoryMove(models.Model):
    """A merger or split as the platform's team asked for it: looked at first, then done.

    The journal of such acts: kept for good, and says nothing of anybody but which operator.
    """

    class State(models.TextChoices):
        """``prepared`` waits to be confirmed. One at most is ``moving``."""

        PREPARING = "preparing", _("Being prepared")
        PREPARED = "prepared", _("To be confirmed")
        MOVING = "moving", _("Under way")
        MOVED = "moved", _("Done everywhere")
        GIVEN_UP = "given_up", _("Given up")
        FAILED = "failed", _("Interrupted")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=TerritoryChange.Kind.choices)
    changes: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField()
    """Pairs of an old and a new code."""
    since = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    operator = models.BigIntegerField(null=True)
    """Key of the operator's account; empty: the command."""
    state = models.CharField(max_length=9, choices=State.choices, default=State.PREPARING)
    regions = models.PositiveIntegerField(default=0)
    """How many regions there are to look at ..."""
    done = models.PositiveIntegerField(default=0)
    """... and how many have been."""
    preview: models.JSONField[list[list[Any]], list[list[Any]]] = models.JSONField(default=list)
    """What would move: region, what, rows."""
    report: models.JSONField[list[list[Any]], list[list[Any]]] = models.JSONField(default=list)
    """What moved."""
    failure = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="moving"),
                name="territories_move_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.since}: {self.state}"

    @property
    def is_busy(self) -> bool:
        """Whether a task works on it."""
        return self.state in {self.State.PREPARING, self.State.MOVING}

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The old and new codes."""
        return [(old, new) for old, new in self.changes]
