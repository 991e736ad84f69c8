"""State of what decides who becomes a member: domains, identifiers, tries, the region's delays.

Identifiers are kept as keyed hashes only: whoever reads the table learns nothing from it, and the
same identifier looks different in another region or in another community.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.singletons import row_in_force, row_put_in_force

ASK_AGAIN_DAYS: Final = 30
"""After so many days a refused person may ask again; each region sets its own."""


class CommunitySettings(models.Model):
    """The region's own rules about communities; at most one row, defaults without it.

    Read with ``validation.community_settings()``.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    ask_again_days = models.PositiveSmallIntegerField(
        _("days before a refused person may ask again"),
        default=ASK_AGAIN_DAYS,
        db_default=ASK_AGAIN_DAYS,
        help_text=_("0: at once."),
    )

    class Meta:
        verbose_name = _("rules of communities")
        verbose_name_plural = _("rules of communities")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="community_settings_one_row"),
            models.CheckConstraint(
                condition=Q(ask_again_days__lte=3650), name="community_ask_again_within_10_years"
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


def community_settings() -> CommunitySettings:
    """The rules in force here; unsaved defaults when none were set. One statement."""
    return row_in_force(CommunitySettings)


def community_settings_save(*, rules: CommunitySettings) -> CommunitySettings:
    """Put these rules in force; the last one to save wins."""
    return row_put_in_force(rules)


class AllowedDomain(models.Model):
    """A domain of e-mail addresses whose people join at once: « ville.example ». Exact."""

    community = models.ForeignKey(
        "communities.Community",
        on_delete=models.CASCADE,
        related_name="domains",
        verbose_name=_("community"),
        db_index=False,  # the unique constraint's index begins with it
    )
    domain = models.CharField(_("domain"), max_length=253, db_index=True)
    """Lower case, ASCII, without « @ »."""

    class Meta:
        verbose_name = _("allowed domain")
        verbose_name_plural = _("allowed domains")
        ordering: ClassVar[list[str]] = ["domain"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["community", "domain"], name="domain_once_per_community"
            )
        ]

    def __str__(self) -> str:
        return self.domain


class IdentifierImport(models.Model):
    """One file of authorised identifiers that was taken: when, by whom, what became of its rows."""

    community = models.ForeignKey(
        "communities.Community",
        on_delete=models.CASCADE,
        related_name="identifier_imports",
        verbose_name=_("community"),
    )
    imported_at = models.DateTimeField(_("imported on"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imported by"),
    )
    added = models.PositiveIntegerField(_("identifiers added"))
    known = models.PositiveIntegerField(_("identifiers that were there already"))
    repeated = models.PositiveIntegerField(_("rows that repeat another"))
    withdrawn = models.PositiveIntegerField(_("identifiers withdrawn"))
    refused = models.JSONField(_("rows refused"), default=list)
    """Pairs of line number and code of the reason; never what the row said."""

    class Meta:
        verbose_name = _("import of identifiers")
        verbose_name_plural = _("imports of identifiers")
        ordering: ClassVar[list[str]] = ["-imported_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.imported_at:%Y-%m-%d}"


class AuthorisedIdentifier(models.Model):
    """Something that proves that a person belongs there, as a keyed hash."""

    community = models.ForeignKey(
        "communities.Community",
        on_delete=models.CASCADE,
        related_name="identifiers",
        verbose_name=_("community"),
        db_index=False,  # the unique constraint's index begins with it
    )
    digest = models.CharField(_("keyed hash"), max_length=64, editable=False)
    used_at = models.DateTimeField(_("used on"), null=True, blank=True)
    """Once used, it stays so, even when the account that used it is deleted."""
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="used_identifiers",
        verbose_name=_("used by"),
    )

    class Meta:
        verbose_name = _("authorised identifier")
        verbose_name_plural = _("authorised identifiers")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["community", "digest"], name="identifier_once_per_community"
            )
        ]

    def __str__(self) -> str:
        return self.digest[:8]


class IdentifierTry(models.Model):
    """One try of an identifier by an account in a community: how guessing is slowed down."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="identifier_tries",
        verbose_name=_("account"),
        db_index=False,  # identifier_tries_of begins with it
    )
    community = models.ForeignKey(
        "communities.Community",
        on_delete=models.CASCADE,
        related_name="identifier_tries",
        verbose_name=_("community"),
    )
    tried_at = models.DateTimeField(_("tried on"))

    class Meta:
        verbose_name = _("try of an identifier")
        verbose_name_plural = _("tries of identifiers")
        ordering: ClassVar[list[str]] = ["-tried_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "community", "-tried_at"], name="identifier_tries_of")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.community_id}"


class CommunityMunicipality(models.Model):
    """One of the municipalities of a territory community."""

    community = models.ForeignKey(
        "communities.Community",
        on_delete=models.CASCADE,
        related_name="municipalities",
        verbose_name=_("community"),
        db_index=False,  # the unique constraint's index begins with it
    )
    code = models.CharField(_("municipality (INSEE code)"), max_length=5, db_index=True)

    class Meta:
        verbose_name = _("municipality of a community")
        verbose_name_plural = _("municipalities of communities")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["community", "code"], name="municipality_once_per_community"
            )
        ]

    def __str__(self) -> str:
        return self.code
