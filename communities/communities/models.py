"""State of communities and of who belongs to them. Tenant schema.

Rows are written by ``services``; what must hold whatever writes them is a constraint here.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.communities.validation import (
    AllowedDomain,
    AuthorisedIdentifier,
    CommunityMunicipality,
    CommunitySettings,
    IdentifierImport,
    IdentifierTry,
)
from regions.territories.names import fold

__all__ = [
    "AllowedDomain",
    "AuthorisedIdentifier",
    "Community",
    "CommunityMunicipality",
    "CommunitySettings",
    "IdentifierImport",
    "IdentifierTry",
    "MemberConsent",
    "Membership",
]


def _one_of(field: str, *values: str) -> Q:
    """A check that PostgreSQL stores as it is written.

    ``IN`` is rewritten when a dump is replayed, and a new region would differ from a migrated one.
    """
    condition = Q()
    for value in values:
        condition |= Q(**{field: value})
    return condition


class Community(models.Model):
    """People with an interest in common: colleagues, neighbours, users of a carpool line."""

    class Kind(models.TextChoices):
        """What its members have in common."""

        ORGANISATION = "organisation", _("Company, business park, campus or organisation")
        TERRITORY = "territory", _("Territory")
        LINE = "line", _("Carpool or hitch-hiking line")

    class Validation(models.TextChoices):
        """How a person who asks becomes a member."""

        AUTOMATIC = "automatic", _("Automatic validation")
        MODERATOR = "moderator", _("Validation by a moderator")
        DOMAIN = "domain", _("Validation by domain")
        SECURED = "secured", _("Secured validation")

    class OrganisationKind(models.TextChoices):
        """What an organisation is."""

        COMPANY = "company", _("Company")
        BUSINESS_PARK = "business_park", _("Business park")
        CAMPUS = "campus", _("Campus")
        ORGANISATION = "organisation", _("Administration, association or other organisation")

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address"), max_length=70, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_key = models.TextField(_("name, folded"), editable=False)
    """The name without accents or capitals: two communities may share it, after a warning."""
    search_key = models.TextField(_("searched text, folded"), editable=False)
    kind = models.CharField(_("type"), max_length=12, choices=Kind.choices)
    short_description = models.CharField(_("short description"), max_length=200)
    description = models.TextField(_("description"), max_length=5000, blank=True)
    logo = models.CharField(_("logo"), max_length=200, blank=True, editable=False)
    """Key in the public storage; empty for a monogram."""
    place_label = models.CharField(_("place"), max_length=250)
    """The place as people read it: « 4 rue de la Monnaie, Rennes »."""
    municipality_code = models.CharField(
        _("municipality (INSEE code)"), max_length=5, db_index=True
    )
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    validation = models.CharField(
        _("validation"), max_length=12, choices=Validation.choices, default=Validation.AUTOMATIC
    )
    identifiers_reusable = models.BooleanField(
        _("an identifier may be used by several people"), default=False, db_default=False
    )
    adverts_hidden = models.BooleanField(
        _("adverts hidden in results"),
        default=False,
        db_default=False,
        help_text=_("Only members of the community see them."),
    )
    members_hidden = models.BooleanField(
        _("hidden members"),
        default=False,
        db_default=False,
        help_text=_("Nobody sees who the members and moderators are; their number shows."),
    )
    adverts_leave = models.BooleanField(
        _("adverts may be offered to partner regions"),
        default=True,
        db_default=True,
        help_text=_("When the region shares adverts with others, and their author agrees."),
    )

    contact_email = models.EmailField(
        _("contact address"), max_length=254, blank=True, default="", db_default=""
    )
    """Where anybody may write to those who run it; on its page. Empty: nothing is shown."""

    # Of organisations.
    organisation_kind = models.CharField(
        _("kind of organisation"),
        max_length=13,
        choices=OrganisationKind.choices,
        blank=True,
        default="",
        db_default="",
    )
    carpool_spaces = models.PositiveSmallIntegerField(
        _("parking spaces kept for carpoolers"), null=True, blank=True
    )
    access_plan = models.TextField(
        _("how to get there"), max_length=2000, blank=True, default="", db_default=""
    )
    # Of lines.
    road = models.CharField(_("axis"), max_length=120, blank=True, default="", db_default="")
    """The road as people say it: « RN 137, Rennes – Saint-Malo »."""
    morning_from = models.TimeField(_("morning peak, from"), null=True, blank=True)
    morning_until = models.TimeField(_("morning peak, until"), null=True, blank=True)
    evening_from = models.TimeField(_("evening peak, from"), null=True, blank=True)
    evening_until = models.TimeField(_("evening peak, until"), null=True, blank=True)
    """Wall clock of the region."""

    is_active = models.BooleanField(_("active"), default=True)
    deleted_at = models.DateTimeField(_("deleted on"), null=True, blank=True)
    """Deleted communities are inactive; within 30 days it can be undone, then the row goes."""
    closed_before_deletion = models.BooleanField(
        _("was closed when it was deleted"), default=False, db_default=False, editable=False
    )
    """Bringing it back leaves it as it was."""
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated on"), auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="created_communities",
        verbose_name=_("created by"),
    )

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering: ClassVar[list[str]] = ["name_key", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name_key"], name="community_by_name"),
            # Few, and asked for by every search.
            models.Index(
                fields=["id"], condition=Q(adverts_hidden=True), name="community_hiding_adverts"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_one_of("kind", "organisation", "territory", "line"),
                name="community_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(is_active=False),
                name="community_deleted_is_inactive",
            ),
            models.CheckConstraint(
                condition=_one_of("validation", "automatic", "moderator", "domain", "secured"),
                name="community_validation_is_known",
            ),
            models.CheckConstraint(
                # Not __range: PostgreSQL rewrites nested ANDs, and a replayed schema would differ.
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="community_is_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the folded texts that follow from the others."""
        self.name_key = fold(self.name)
        self.search_key = fold(f"{self.name} {self.place_label} {self.short_description}")
        fields = kwargs.get("update_fields")
        if fields is not None and {"name", "place_label", "short_description"} & set(fields):
            kwargs["update_fields"] = {*fields, "name_key", "search_key"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the path of its page on the region's site."""
        return reverse("communities:detail", args=[self.slug])

    @property
    def logo_url(self) -> str:
        """Address of the logo; empty for a monogram."""
        return str(storages["public"].url(self.logo)) if self.logo else ""


class Membership(models.Model):
    """One account in one community: at most one row each, whose status tells the story."""

    class Status(models.TextChoices):
        """Where the person stands; only ``accepted`` counts as a member."""

        PENDING = "pending", _("Pending")
        ACCEPTED = "accepted", _("Member")
        REFUSED = "refused", _("Refused")
        LEFT = "left", _("Left")

    class Through(models.TextChoices):
        """How an accepted person came in; empty for memberships older than the question."""

        FOUNDER = "founder", _("Created the community")
        AUTOMATIC = "automatic", _("Joined at once")
        MODERATOR = "moderator", _("Accepted by a moderator")
        DOMAIN = "domain", _("By the domain of the e-mail address")
        IDENTIFIER = "identifier", _("By an authorised identifier")
        ADDED = "added", _("Added by a moderator")

    class Role(models.TextChoices):
        """What an accepted person may do there."""

        MEMBER = "member", _("Member")
        MODERATOR = "moderator", _("Moderator")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("account"),
        db_index=False,  # the unique constraint's index begins with it
    )
    community = models.ForeignKey(
        Community,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("community"),
        db_index=False,  # membership_of_community begins with it
    )
    status = models.CharField(_("status"), max_length=8, choices=Status.choices)
    role = models.CharField(_("role"), max_length=9, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(_("joined on"))
    accepted_at = models.DateTimeField(_("accepted on"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused on"), null=True, blank=True)
    left_at = models.DateTimeField(_("left on"), null=True, blank=True)
    through = models.CharField(
        _("came in"), max_length=10, choices=Through.choices, blank=True, default="", db_default=""
    )
    message = models.CharField(
        _("message to the moderators"), max_length=500, blank=True, default="", db_default=""
    )
    reason = models.CharField(
        _("reason of the refusal"), max_length=500, blank=True, default="", db_default=""
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "community"], name="membership_once_per_community"
            ),
            models.CheckConstraint(
                condition=_one_of("status", "pending", "accepted", "refused", "left"),
                name="membership_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(accepted_at__isnull=False),
                name="membership_accepted_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status="left") | Q(left_at__isnull=False),
                name="membership_left_is_dated",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Counts, latest members and moderators of a community, from the index alone.
            models.Index(
                fields=["community", "status", "-accepted_at"], name="membership_of_community"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.community_id}: {self.status}"

    @property
    def is_accepted(self) -> bool:
        """Whether the person is a member."""
        return self.status == self.Status.ACCEPTED

    @property
    def is_moderator(self) -> bool:
        """Whether the person is a member who runs the community."""
        return self.is_accepted and self.role == self.Role.MODERATOR


class MemberConsent(models.Model):
    """A dated fact: a member allowed those who run a community something, and perhaps no longer.

    Rows are never rewritten: allowing again is a new row (``consents``).
    """

    class Kind(models.TextChoices):
        """What was allowed."""

        MAILS = "mails", _("Mails of the community")
        ADDRESS = "address", _("E-mail address shown to those who run the community")

    membership = models.ForeignKey(
        Membership,
        on_delete=models.CASCADE,
        related_name="consents",
        verbose_name=_("membership"),
        db_index=False,  # member_consents
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    given_at = models.DateTimeField(_("given on"))
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent of a member")
        verbose_name_plural = _("consents of members")
        ordering: ClassVar[list[str]] = ["given_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["membership", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="member_consent_once_while_it_holds",
            ),
            models.CheckConstraint(
                condition=_one_of("kind", "mails", "address"), name="member_consent_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
                name="member_consent_withdrawn_after_given",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["membership"], name="member_consents")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.kind}"
