"""An agreement between regions, its parties, and the log of every act. Public schema.

Regions' roles read none of it: consoles go through ``access`` and ``queries``, which keep to the
current region's own; reads of pooled data go through functions of the database.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant

_PARIS: Final = ZoneInfo("Europe/Paris")


def paris_today(now: datetime | None = None) -> date:
    """Return the day in Paris: its days bound agreements, wherever the region lies."""
    return timezone.localdate(now, timezone=_PARIS)


class Pooled(models.TextChoices):
    """What an agreement may share."""

    ADVERTS = "adverts", _("Adverts, without their authors’ names")
    COMMUNITIES = "communities", _("Communities that straddle regions")
    STATISTICS = "statistics", _("Statistics over six people or more")


class Field(models.TextChoices):
    """What crosses beside the places, days, times and seats of adverts."""

    CONTRIBUTION = "contribution", _("Contribution asked for")
    WHEELCHAIR = "wheelchair", _("Room for a wheelchair")
    COMMUNITIES = "communities", _("Pooled community it is published in")
    MODERATORS = "moderators", _("Of pooled communities, the names of those who run them")


class Agreement(models.Model):
    """What two regions or more agree to share, from one day to another."""

    class State(models.TextChoices):
        """``in_force`` once every party has signed this version, and none has suspended it."""

        PROPOSED = "proposed", _("Awaits signatures")
        IN_FORCE = "in_force", _("In force")
        SUSPENDED = "suspended", pgettext_lazy("agreement", "Suspended")
        ENDED = "ended", pgettext_lazy("agreement", "Ended")

    class Stage(models.TextChoices):
        """Where it stands, as people read it: the state, and what days and signatures add to it."""

        PROPOSED = "proposed", _("Awaits signatures")
        UPCOMING = "upcoming", pgettext_lazy("agreement", "To come")
        IN_FORCE = "in_force", _("In force")
        SUSPENDED = "suspended", pgettext_lazy("agreement", "Suspended")
        DECLINED = "declined", pgettext_lazy("agreement", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "Proposal withdrawn")
        ENDED = "ended", pgettext_lazy("agreement", "Ended")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title of the agreement"), max_length=120)
    purpose = models.TextField(_("purpose"), max_length=1000)
    text = models.TextField(_("text of the agreement"), max_length=20_000, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    pools = ArrayField(models.CharField(max_length=12), verbose_name=_("what is pooled"))
    fields = ArrayField(
        models.CharField(max_length=12), default=list, verbose_name=_("fields of adverts")
    )
    departments = ArrayField(
        models.CharField(max_length=3),
        default=list,
        verbose_name=_("départements (INSEE codes)"),
        help_text=_("Rides that begin or end there; none: everywhere."),
    )
    starts_on = models.DateField(_("starts on"), help_text=_("Days are those of Paris."))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.PROPOSED
    )
    created_at = models.DateTimeField(_("proposed on"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="agreement_end_after_start",
            ),
            models.CheckConstraint(condition=~Q(pools=[]), name="agreement_pools_something"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stage(self) -> Stage:
        """Where it stands today. Lists prefetch ``parties`` and ``acts``: ended ones need both."""
        if self.state == self.State.ENDED:
            return self._closed_as()
        today = paris_today()
        if self.ends_on is not None and self.ends_on < today:
            return self.Stage.ENDED
        if self.state == self.State.IN_FORCE and self.starts_on > today:
            return self.Stage.UPCOMING
        return self.Stage(self.state)

    def _closed_as(self) -> Stage:
        """One that not all had signed was declined, or withdrawn by the region it came from."""
        acts = list(self.acts.all())
        closing = next((one for one in acts if one.what == Act.What.ENDED), None)
        if closing is None or self.all_signed:
            return self.Stage.ENDED
        own = closing.tenant_id is not None and closing.tenant_id == self.author_id
        return self.Stage.WITHDRAWN if own else self.Stage.DECLINED

    @property
    def is_closed(self) -> bool:
        """Whether it holds nothing and never will again."""
        return self.stage in (self.Stage.DECLINED, self.Stage.WITHDRAWN, self.Stage.ENDED)

    @property
    def all_signed(self) -> bool:
        """Whether every party has signed this version: it is in force, or has been."""
        return all(party.signed_version == self.version for party in self.parties.all())

    @property
    def author_id(self) -> int | None:
        """The region (key) that proposed this version; None once it is removed."""
        said = [act for act in self.acts.all() if act.what in (Act.What.PROPOSED, Act.What.AMENDED)]
        return said[-1].tenant_id if said else None


class Party(models.Model):
    """A region in an agreement: which version it signed, and whether it has suspended it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    tenant = models.ForeignKey(
        Tenant, on_delete=models.CASCADE, related_name="+", verbose_name=_("region")
    )
    signed_version = models.PositiveSmallIntegerField(_("version signed"), default=0)
    signed_at = models.DateTimeField(_("signed on"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("suspended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("party to an agreement")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["agreement", "tenant"], name="party_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.tenant_id}"


class Act(models.Model):
    """One line of an agreement's log: which region did what, to which version. Never a name."""

    class What(models.TextChoices):
        """What was done."""

        PROPOSED = "proposed", _("proposed the agreement")
        AMENDED = "amended", _("proposed another version")
        SIGNED = "signed", pgettext_lazy("act of a region", "signed")
        SUSPENDED = "suspended", _("suspended the agreement")
        RESUMED = "resumed", _("resumed the agreement")
        ENDED = "ended", _("ended the agreement")
        LAPSED = "lapsed", _("The agreement has come to its end")
        PURGED = "purged", _("What was held under it has been removed")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="acts")
    tenant = models.ForeignKey(
        Tenant, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("region")
    )
    """None: time, or the platform."""
    what = models.CharField(_("act"), max_length=9, choices=What.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=300, blank=True)
    content = models.JSONField(_("content"), default=dict)
    """All that the version said, where one was proposed; counts, where things were removed."""

    class Meta:
        verbose_name = _("act")
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} v{self.version}"

    @property
    def words(self) -> str:
        """What was done; ending what was never in force is declining it, or withdrawing it."""
        if self.what == self.What.PURGED and self.tenant_id is not None:
            return gettext("removed what it held under the agreement")
        if self.what == self.What.ENDED:
            stage = self.agreement.stage
            if stage == Agreement.Stage.DECLINED:
                return gettext("declined the agreement")
            if stage == Agreement.Stage.WITHDRAWN:
                return gettext("withdrew its proposal")
        return self.get_what_display()


class Term(models.Model):
    """What one region may read of another between two days, all their agreements applied.

    Derived from the agreements in force by the database itself (``agreements_told``), in the
    transaction that changes one: searches join it. Nothing of ours writes it.
    """

    asker = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)
    partner = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(max_length=12)
    since = models.DateField()
    until = models.DateField(null=True)
    """The first day on which it holds no more; None: none is known."""
    fields = ArrayField(models.CharField(max_length=12))
    departments = ArrayField(models.CharField(max_length=3), null=True)
    """None: everywhere; empty: agreements that have no département in common."""

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["asker", "what", "partner", "since"], name="term_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asker_id} {self.partner_id} {self.what} {self.since}"
