"""State of how communities live and end: signs, contacts, offers, votes. Tenant schema.

Rows are written by the services of this app; what must hold whatever writes them is a constraint
here.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community


def _one_of(field: str, *values: str) -> Q:
    """A check that PostgreSQL stores as it is written (``IN`` is rewritten)."""
    condition = Q()
    for value in values:
        condition |= Q(**{field: value})
    return condition


def _within(lowest: int, highest: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(lowest), MaxValueValidator(highest)]


class LifecycleRules(models.Model):
    """The region's own delays; at most one row, defaults without it. See ``rules``."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    inactive_after_months = models.PositiveSmallIntegerField(
        _("Months without any activity before a community counts as inactive"),
        default=12,
        db_default=12,
        validators=_within(1, 60),
        help_text=_("Activity: a new member, an advert published, a moderator who signs in."),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("Days left to the people in charge to answer each warning"),
        default=30,
        db_default=30,
        validators=_within(7, 365),
        help_text=_("There are two warnings; then the members are asked who takes over."),
    )
    vote_days = models.PositiveSmallIntegerField(
        _("Days that a vote of the members lasts"),
        default=14,
        db_default=14,
        validators=_within(3, 90),
    )
    archive_months = models.PositiveSmallIntegerField(
        _("Months for which an archived community is kept for its members"),
        default=12,
        db_default=12,
        validators=_within(1, 120),
        help_text=_("Then it is deleted, if a contact with the people in charge was logged."),
    )

    class Meta:
        verbose_name = _("rules of the life of communities")
        verbose_name_plural = _("rules of the life of communities")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="lifecycle_rules_one_row")
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Standing(models.Model):
    """Where a community stands: how quiet it has become, who answered, whether it is archived.

    Without a row, nothing was ever noticed about it. All moments are UTC.
    """

    class ArchiveReason(models.TextChoices):
        """Why nobody could keep a community open."""

        NOBODY = "nobody", _("Nobody came forward to take over")
        REGION = "region", _("Archived by the region")

    community = models.OneToOneField(
        Community,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="standing",
        verbose_name=_("community"),
    )
    last_sign_at = models.DateTimeField(_("last activity"), null=True, blank=True)
    """As it was when the community was last found quiet."""
    quiet_since = models.DateTimeField(_("inactive since"), null=True, blank=True)
    """When it was found quiet; empty while it lives."""
    warned_at = models.DateTimeField(_("warned on"), null=True, blank=True)
    warned_again_at = models.DateTimeField(_("warned again on"), null=True, blank=True)
    answered_at = models.DateTimeField(_("said to be alive on"), null=True, blank=True)
    """When one of those who run it, or the region, last said that it lives: a sign of life."""
    archived_at = models.DateTimeField(_("archived on"), null=True, blank=True)
    archive_reason = models.CharField(
        _("archived because"),
        max_length=6,
        choices=ArchiveReason.choices,
        blank=True,
        default="",
        db_default="",
    )

    class Meta:
        verbose_name = _("standing of a community")
        verbose_name_plural = _("standings of communities")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(warned_again_at__isnull=True) | Q(warned_at__isnull=False),
                name="standing_warned_before_again",
            ),
            models.CheckConstraint(
                condition=Q(warned_at__isnull=True) | Q(quiet_since__isnull=False),
                name="standing_warned_while_quiet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.state}"

    @property
    def state(self) -> str:
        """Return ``archived``, ``quiet`` or ``alive``."""
        if self.archived_at is not None:
            return "archived"
        return "quiet" if self.quiet_since is not None else "alive"


class Contact(models.Model):
    """« Contact consigné »: a dated fact, written by somebody of the region (OG-06)."""

    class Way(models.TextChoices):
        """How they were reached."""

        PHONE = "phone", _("By telephone")
        MAIL = "mail", _("By e-mail")
        LETTER = "letter", _("By post")
        MEETING = "meeting", _("Face to face")

    community = models.ForeignKey(
        Community,
        on_delete=models.CASCADE,
        related_name="contacts",
        verbose_name=_("community"),
        db_index=False,  # contacts_of_community begins with it
    )
    on = models.DateField(_("Date of the contact"))
    way = models.CharField(_("Way of the contact"), max_length=7, choices=Way.choices)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account of the person"),
    )
    """The person, when they have an account here."""
    person = models.CharField(_("Person contacted"), max_length=120, blank=True)
    """Their name; emptied with their account."""
    said = models.TextField(_("What was said"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logged by"),
    )
    logged_at = models.DateTimeField(_("logged on"))

    class Meta:
        verbose_name = _("contact about a community")
        verbose_name_plural = _("contacts about communities")
        ordering: ClassVar[list[str]] = ["-on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_one_of("way", "phone", "mail", "letter", "meeting"),
                name="contact_way_is_known",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["community", "-on"], name="contacts_of_community")
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.on}"


class Offer(models.Model):
    """A moderator asks somebody to run the community after or beside them."""

    class Status(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted by the person")
        DECLINED = "declined", _("Declined by the person")
        WITHDRAWN = "withdrawn", _("Taken back")

    community = models.ForeignKey(
        Community, on_delete=models.CASCADE, related_name="offers", verbose_name=_("community")
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("offered by"),
    )
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person asked"),
    )
    steps_down = models.BooleanField(_("the moderator becomes a member"), default=False)
    status = models.CharField(
        _("state of the offer"), max_length=9, choices=Status.choices, default=Status.OPEN
    )
    offered_at = models.DateTimeField(_("offered on"))
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer to take over")
        verbose_name_plural = _("offers to take over")
        ordering: ClassVar[list[str]] = ["-offered_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_one_of("status", "open", "accepted", "declined", "withdrawn"),
                name="offer_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["community"], condition=Q(status="open"), name="offer_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.status}"


class HandOver(models.Model):
    """Members choose who runs their community: candidates come forward, each member votes once."""

    class Cause(models.TextChoices):
        """Why it is needed."""

        SILENCE = "silence", _("The people in charge did not answer")
        GONE = "gone", _("Nobody runs the community any more")
        REGION = "region", _("Opened by the region")

    class Status(models.TextChoices):
        """Open, or how it ended."""

        OPEN = "open", _("Vote under way")
        ELECTED = "elected", _("Chosen by the members")
        DECIDED = "decided", _("Decided by the region")
        FRUITLESS = "fruitless", _("Nobody came forward")
        CANCELLED = "cancelled", _("No longer needed")

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community, on_delete=models.CASCADE, related_name="handovers", verbose_name=_("community")
    )
    cause = models.CharField(_("cause"), max_length=7, choices=Cause.choices)
    status = models.CharField(
        _("state of the vote"), max_length=9, choices=Status.choices, default=Status.OPEN
    )
    opened_at = models.DateTimeField(_("opened on"))
    closes_at = models.DateTimeField(_("closes on"))
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)
    winner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person chosen"),
    )

    class Meta:
        verbose_name = _("hand-over of a community")
        verbose_name_plural = _("hand-overs of communities")
        ordering: ClassVar[list[str]] = ["-opened_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_one_of("cause", "silence", "gone", "region"),
                name="handover_cause_is_known",
            ),
            models.CheckConstraint(
                condition=_one_of("status", "open", "elected", "decided", "fruitless", "cancelled"),
                name="handover_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(status="open"),
                name="handover_closed_is_dated",
            ),
            models.UniqueConstraint(
                fields=["community"], condition=Q(status="open"), name="handover_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.status}"

    @property
    def is_open(self) -> bool:
        """Whether members may still come forward and vote, until ``closes_at``."""
        return self.status == self.Status.OPEN


class Candidate(models.Model):
    """A member who would run the community."""

    handover = models.ForeignKey(
        HandOver,
        on_delete=models.CASCADE,
        related_name="candidates",
        verbose_name=_("hand-over"),
        db_index=False,  # the unique constraint's index begins with it
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("account"),
    )
    words = models.CharField(_("A few words to the members"), max_length=500, blank=True)
    came_at = models.DateTimeField(_("came forward on"))
    withdrew_at = models.DateTimeField(_("withdrew on"), null=True, blank=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering: ClassVar[list[str]] = ["came_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["handover", "account"], name="candidate_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} for {self.handover_id}"


class Vote(models.Model):
    """One member's choice; it may change until the vote closes, and nobody else ever reads it."""

    handover = models.ForeignKey(
        HandOver,
        on_delete=models.CASCADE,
        related_name="votes",
        verbose_name=_("hand-over"),
        db_index=False,  # the unique constraint's index begins with it
    )
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("voter"),
    )
    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="votes", verbose_name=_("candidate")
    )
    cast_at = models.DateTimeField(_("cast on"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["handover", "voter"], name="vote_once_per_voter")
        ]

    def __str__(self) -> str:
        return f"in {self.handover_id}"
