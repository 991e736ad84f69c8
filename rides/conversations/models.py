"""State of conversations: threads, messages, blocks, reports; and who is told of what, when.

Unread counts are kept on the thread, under its lock, so that the badge of every page is one sum.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from rides.adverts.models import Advert
from rides.bookings.models import BookingEvent

BODY_LENGTH: Final = 2000


class Thread(models.Model):
    """What is said about one advert, between its author and one other person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    advert = models.ForeignKey(Advert, on_delete=models.CASCADE, related_name="threads")
    author = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="threads_received")
    other = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="threads_opened")
    started_by = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="threads_started"
    )
    author_unread = models.PositiveIntegerField(default=0)
    other_unread = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering: ClassVar[list[str]] = ["-last_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["author", "-last_at"], name="thread_of_author"),
            models.Index(fields=["other", "-last_at"], name="thread_of_other"),
            models.Index(fields=["started_by", "created_at"], name="thread_by_starter"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["advert", "other"], name="thread_once_per_contact"),
            models.CheckConstraint(
                condition=~Q(author=F("other")), name="thread_between_two_people"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def partner(self, account: Account) -> Account:
        """Return the other person, seen from ``account``."""
        return self.other if account.pk == self.author_id else self.author

    def unread(self, account: Account) -> int:
        """How many lines ``account`` has not read."""
        return self.author_unread if account.pk == self.author_id else self.other_unread


class Message(models.Model):
    """One line: what somebody wrote, or something that happened to a booking."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    sender = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="messages_sent", null=True, blank=True
    )
    body = models.TextField(max_length=BODY_LENGTH, blank=True)
    event = models.OneToOneField(
        BookingEvent, on_delete=models.CASCADE, related_name="line", null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    returned = models.BooleanField(default=False, db_default=False)
    """Could not be brought to the other person, in another region."""

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(event__isnull=False) | (Q(sender__isnull=False) & ~Q(body="")),
                name="message_says_something",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Block(models.Model):
    """Somebody wants nothing to do with somebody: neither finds or writes to the other."""

    blocker = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="blocks_made")
    blocked = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="blocks_received")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("blocked person")
        verbose_name_plural = _("blocked people")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} / {self.blocked_id}"


class Report(models.Model):
    """Somebody tells the region's administrators of what another person wrote.

    ``excerpt`` is a copy of the last lines: it stands when the conversation is gone.
    """

    class Reason(models.TextChoices):
        """Why."""

        RUDE = "rude", _("Insults or threats")
        UNWANTED = "unwanted", _("Unwanted approaches")
        FRAUD = "fraud", _("Money, fraud or advertising")
        DANGER = "danger", _("Dangerous driving")
        OTHER = "other", _("Something else")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(
        Thread, on_delete=models.SET_NULL, related_name="reports", null=True, blank=True
    )
    reporter = models.ForeignKey(
        Account, on_delete=models.SET_NULL, related_name="reports_made", null=True, blank=True
    )
    reported = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="reports_received")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    text = models.CharField(max_length=1000, blank=True)
    excerpt = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        Account, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("report of abuse")
        verbose_name_plural = _("reports of abuse")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.public_id)


class Preferences(models.Model):
    """What a person wants to be told by e-mail, and when not. Defaults without a row."""

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="notification_preferences"
    )
    messages = models.BooleanField(default=True)
    bookings = models.BooleanField(default=True)
    recap = models.BooleanField(default=True)
    quiet = models.BooleanField(default=True)
    quiet_from = models.TimeField(default=dt.time(21, 0))
    quiet_until = models.TimeField(default=dt.time(7, 0))

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")

    def __str__(self) -> str:
        return str(self.pk)


class Notice(models.Model):
    """Somebody is to be told of something by e-mail, once it is ``due_at``: an outbox."""

    class Kind(models.TextChoices):
        """What about; each can be switched off, but reports of a region's own."""

        MESSAGE = "message", _("New messages")
        BOOKING = "booking", _("Requests, answers and cancellations")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="notices")
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mail to send")
        verbose_name_plural = _("mails to send")
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="notice_due"),
        ]

    def __str__(self) -> str:
        return self.kind
