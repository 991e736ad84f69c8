"""State of imports: the file that was sent, what each of its rows becomes, who was invited.

Rows and files are kept for 30 days, invitations for 90; what was done stays in the history.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community

KEPT_FOR: Final = timedelta(days=30)
"""Files and rows go after that."""
INVITATION_LIFE: Final = timedelta(days=90)


def _one_of(field: str, *values: str) -> Q:
    """A check without IN, which PostgreSQL rewrites when a dump is replayed."""
    condition = Q()
    for value in values:
        condition |= Q(**{field: value})
    return condition


class Import(models.Model):
    """One file: people of a community (« Import d'usagers »), or communities (« Import »)."""

    class Kind(models.TextChoices):
        """What the rows are."""

        MEMBERS = "members", _("Import of members")
        COMMUNITIES = "communities", _("Import of communities")

    class State(models.TextChoices):
        """Where it stands."""

        READING = "reading", _("Being read")
        COLUMNS = "columns", _("Columns to be named")
        READY = "ready", _("To be checked")
        QUEUED = "queued", _("Waiting for its turn")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Import finished")
        STOPPED = "stopped", _("Interrupted")

    class Mode(models.TextChoices):
        """What becomes of good rows when others are refused."""

        VALID = "valid", _("All the valid rows")
        ALL = "all", _("All or nothing")

    class Problem(models.TextChoices):
        """Why it did not go on."""

        ROWS = "rows", _("Rows were refused, so nothing was imported.")
        INTERRUPTED = "interrupted", _("The service was interrupted.")
        CLOSED = "closed", _("The community was closed meanwhile.")
        ERROR = "error", _("Something unexpected happened.")

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    community = models.ForeignKey(
        Community,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("community"),
    )
    """Whose members; none when communities are imported."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("imported by"),
    )
    batch = models.UUIDField(_("bulk action"), default=uuid.uuid4, editable=False)
    """The same on each line of history that it writes."""
    file_name = models.CharField(_("name of the file"), max_length=120)
    file = models.CharField(_("file"), max_length=200, blank=True)
    """Key in the private storage; empty once it is deleted."""
    encoding = models.CharField(_("encoding"), max_length=10)
    separator = models.CharField(_("separator"), max_length=1, blank=True)
    columns = models.JSONField(_("columns"), default=list)
    """Pairs of heading and known field (empty: not read), in the file's order."""
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.READING)
    mode = models.CharField(_("mode"), max_length=5, choices=Mode.choices, blank=True)
    problem = models.CharField(_("problem"), max_length=11, choices=Problem.choices, blank=True)
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    at_row = models.PositiveIntegerField(_("last row done"), default=0)
    """Number of the row, as the spreadsheet shows it: an interrupted import goes on after it."""
    verdicts = models.JSONField(_("verdicts"), default=dict)
    """How many rows have each verdict."""
    outcomes = models.JSONField(_("outcomes"), default=dict)
    """How many rows ended how, so far."""
    claim = models.UUIDField(_("claim"), null=True, blank=True)
    """Who works on it: a worker that was thought dead writes nothing more."""
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("sent on"), auto_now_add=True)
    touched_at = models.DateTimeField(_("last sign of life"))
    started_at = models.DateTimeField(_("started on"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_one_of("kind", "members", "communities"), name="import_kind_is_known"
            ),
            models.CheckConstraint(
                condition=_one_of(
                    "state",
                    *("reading", "columns", "ready", "queued", "running", "done", "stopped"),
                ),
                name="import_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="communities") | Q(community__isnull=False),
                name="import_of_members_has_community",
            ),
            # Two imports at once on a community wait for each other, whatever the workers do.
            models.UniqueConstraint(
                fields=["community"],
                condition=Q(state="running"),
                nulls_distinct=False,
                name="import_runs_alone",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "touched_at"], name="import_by_state")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d}"

    @property
    def is_busy(self) -> bool:
        """Whether a worker has, or will have, it in hand."""
        return self.state in {self.State.READING, self.State.QUEUED, self.State.RUNNING}

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.done // self.total if self.total else 0


class RememberedColumns(models.Model):
    """What somebody said that the columns of files with these headings are."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("said by"),
        db_index=False,  # the unique constraint's index begins with it
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Import.Kind.choices)
    headings = models.CharField(_("headings"), max_length=64)
    """Digest of the headings: a file without any may have somebody's name there."""
    fields = models.JSONField(_("columns"), default=list)
    """The known field of each column (empty: not read), in the file's order."""

    class Meta:
        verbose_name = _("columns that are remembered")
        verbose_name_plural = _("columns that are remembered")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["by", "kind", "headings"], name="import_columns_once_per_headings"
            )
        ]

    def __str__(self) -> str:
        return f"columns {self.pk}"


class ImportRow(models.Model):
    """What one row asks for, what it would become, and what became of it."""

    class Verdict(models.TextChoices):
        """What the import does with it."""

        NEW = "new", _("Will be invited or added")
        MEMBER = "member", _("Already in the community")
        CHANGE = "change", _("Will change status")
        OUTSIDE = "outside", _("Stays outside")
        CREATE = "create", _("Community to be created")
        EXISTS = "exists", _("Community that exists already")
        REPEATED = "repeated", _("Repeated row")
        REFUSED = "refused", _("Refused row")

    class Outcome(models.TextChoices):
        """How it ended."""

        DONE = "done", _("Imported")
        NOTHING = "nothing", _("Nothing to change")
        REFUSED = "refused", _("Not imported")

    of = models.ForeignKey(
        Import,
        on_delete=models.CASCADE,
        related_name="lines",
        verbose_name=_("import"),
        db_index=False,  # the unique constraint's index begins with it
    )
    number = models.PositiveIntegerField(_("row"))
    email = models.CharField(_("e-mail address"), max_length=254, blank=True, db_index=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    standing = models.CharField(_("status asked for"), max_length=9, blank=True)
    data = models.JSONField(_("other cells"), default=dict)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices)
    reason = models.CharField(_("why"), max_length=20, blank=True)
    """A code of ``words.REASONS``."""
    detail = models.CharField(_("detail"), max_length=120, blank=True)
    """What the reason is about: the cell that was not understood, the row that is repeated."""
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome.choices, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering: ClassVar[list[str]] = ["of", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["of", "number"], name="import_row_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["of", "verdict", "number"], name="import_rows_by_verdict")
        ]

    def __str__(self) -> str:
        return f"{self.of_id}/{self.number}: {self.verdict}"


class Invitation(models.Model):
    """Somebody who was asked by mail to register and join; used once, gone after 90 days."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community,
        on_delete=models.CASCADE,
        related_name="invitations",
        verbose_name=_("community"),
        db_index=False,  # the unique constraint's index begins with it
    )
    email = models.CharField(_("e-mail address"), max_length=254, db_index=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    standing = models.CharField(_("status on arrival"), max_length=9)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("made on"))
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    """Empty until its mail is on its way: this table is the outbox."""
    declined_at = models.DateTimeField(_("declined on"), null=True, blank=True)
    """Kept, without names, so that the next file does not invite again."""

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["community", "email"], name="invitation_once_per_community"
            ),
            models.CheckConstraint(
                condition=_one_of("standing", "member", "moderator", "pending"),
                name="invitation_standing_is_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=Q(sent_at=None), name="invitation_unsent")
        ]

    def __str__(self) -> str:
        return f"invitation {self.public_id}"
