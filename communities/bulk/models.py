"""State of an act on a whole list: whom it is about, how far it is, how it ended."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community

KEPT_FOR: Final = timedelta(days=30)
"""What was done stays in the history; how far it was goes after that."""


def _one_of(field: str, *values: str) -> Q:
    """A check without IN, which PostgreSQL rewrites when a dump is replayed."""
    condition = Q()
    for value in values:
        condition |= Q(**{field: value})
    return condition


class BulkAct(models.Model):
    """One act of one person on many members of a community, done in the background."""

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", _("Waiting for its turn")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Act finished")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        STOPPED = "stopped", _("Interrupted")

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community,
        on_delete=models.CASCADE,
        related_name="bulk_acts",
        verbose_name=_("community"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    act = models.CharField(_("act"), max_length=9)
    """A name of ``communities.moves.ACTS``."""
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    batch = models.UUIDField(_("bulk action"), default=uuid.uuid4, unique=True, editable=False)
    """The same on each line of history that it writes."""
    targets = ArrayField(models.BigIntegerField(), verbose_name=_("members"), default=list)
    """Keys of the memberships that the list held when the person said so; empty once it is over."""
    total = models.PositiveIntegerField(_("members in the list"), default=0)
    done = models.PositiveIntegerField(_("members gone through"), default=0)
    """Of the act, then of its undoing: an interrupted one goes on after them."""
    outcomes = models.JSONField(_("outcomes"), default=dict)
    """How many ended how: done, nothing, gone, last_moderator; and undone."""
    at_entry = models.BigIntegerField(_("last line of history"), default=0)
    """Up to which the act was undone, or people were told."""
    is_told = models.BooleanField(_("people are being told"), default=False)
    """From then on it can no longer be undone."""
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    claim = models.UUIDField(_("claim"), null=True, blank=True)
    """Who works on it: a worker that was thought dead writes nothing more."""
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("asked on"), auto_now_add=True)
    touched_at = models.DateTimeField(_("last sign of life"))
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("act on a whole list")
        verbose_name_plural = _("acts on whole lists")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_one_of(
                    "state", "queued", "running", "done", "undoing", "undone", "stopped"
                ),
                name="bulk_state_is_known",
            ),
            # Two acts at once on a community take turns, whatever the workers do.
            models.UniqueConstraint(
                fields=["community"],
                condition=_one_of("state", "running", "undoing"),
                name="bulk_runs_alone",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "touched_at"], name="bulk_by_state")
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.created_at:%Y-%m-%d}"

    @property
    def is_busy(self) -> bool:
        """Whether a worker has, or will have, it in hand."""
        return self.state in {self.State.QUEUED, self.State.RUNNING, self.State.UNDOING}

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.done // self.total if self.total else 0
