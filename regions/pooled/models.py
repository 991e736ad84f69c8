"""Which communities regions list for each other, and which belong together. Public schema.

Only the projector writes ``ListedCommunity``, from regions' events. Regions' roles read none of
these tables: they call functions of the database that apply agreements, or ``queries`` and
``services``, which keep to the current region's own.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models import Tenant


class ListedCommunity(models.Model):
    """One open community of a region, as partners may find it by its name.

    ``members`` (registrations of active accounts) and ``moderators`` (« Pierre L. ») are told of
    pooled ones only.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    community = models.UUIDField()
    slug = models.CharField(max_length=70)
    name = models.CharField(max_length=100)
    name_key = models.TextField()
    """The name, folded: what is searched."""
    kind = models.CharField(max_length=12)
    municipality_code = models.CharField(max_length=5)
    department = models.CharField(max_length=3)
    members = models.PositiveIntegerField(null=True)
    moderators = ArrayField(models.CharField(max_length=200), default=list)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("listed community")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tenant", "community"], name="listed_once")
        ]

    def __str__(self) -> str:
        return self.name


class Pool(models.Model):
    """Communities of two regions or more that are one; each stays its region's own."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name of the pooled community"), max_length=100)
    created_at = models.DateTimeField(_("pooled on"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("pooled community")

    def __str__(self) -> str:
        return self.name


class PoolMember(models.Model):
    """A community in a pool: in one at a time, and one of each region."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="members")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    community = models.UUIDField()
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("member of a pooled community")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tenant", "community"], name="in_one_pool"),
            models.UniqueConstraint(fields=["pool", "tenant"], name="one_of_each_region"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.community} in {self.pool_id}"


class Proposal(models.Model):
    """A region's community asks another region's to be one with it."""

    class State(models.TextChoices):
        """``waits`` until the other side answers, or the one that asked takes it back."""

        WAITS = "waits", pgettext_lazy("proposal to pool", "Awaits an answer")
        ACCEPTED = "accepted", pgettext_lazy("proposal to pool", "Accepted")
        DECLINED = "declined", pgettext_lazy("proposal to pool", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal to pool", "Taken back")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    """Of the pool, if it makes one."""
    by_tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    by_community = models.UUIDField()
    to_tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    to_community = models.UUIDField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITS)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("proposal to pool")
        ordering: ClassVar[list[str]] = ["created_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["by_tenant", "by_community", "to_tenant", "to_community"],
                condition=Q(state="waits"),
                name="proposed_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.by_community} to {self.to_community}: {self.state}"


class PoolAct(models.Model):
    """One line of a pool's log: which region did what. Never a person."""

    class What(models.TextChoices):
        """What was done."""

        JOINED = "joined", _("joined the pooled community")
        RENAMED = "renamed", _("renamed the pooled community")
        LEFT = "left", _("detached its community")
        REMOVED = "removed", _("No agreement covers it any more")

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="acts")
    tenant = models.ForeignKey(Tenant, on_delete=models.SET_NULL, null=True, related_name="+")
    community = models.UUIDField(null=True)
    """Of that region, which joined or left: its history outlives its place. None: none, or old."""
    what = models.CharField(max_length=7, choices=What.choices)
    said = models.CharField(max_length=100, blank=True)
    """The community's name, or the pool's new one."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("act on a pooled community")
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.said}"
