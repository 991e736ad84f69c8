"""A region's look: what it says of itself and what its style sheet is computed from."""

import hashlib
import uuid
from typing import Final

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

REVISION: Final = 2
"""Part of every style sheet's version. Raise it whenever the same theme gives another style sheet
(a test tells when): browsers keep a version for a year."""


class Theme(models.Model):
    """One version of the look. At most one is published and at most one is a draft."""

    class Status(models.TextChoices):
        """Where a version stands."""

        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    class Motif(models.TextChoices):
        """Pattern and landscape: ``motif-*.svg`` and ``scene-*.svg`` of the shell."""

        ARCHES = "arches", _("Bridges")
        WAVES = "waves", _("Sea and lighthouse")
        BRICKS = "bricks", _("Brick gables and belfry")
        FIELDS = "fields", _("Fields")
        HILLS = "hills", _("Mountains")
        LEAVES = "leaves", _("Woods")
        PLAIN = "plain", _("No landscape")

    class Radius(models.TextChoices):
        """Corner style."""

        STRAIGHT = "straight", _("Straight")
        SOFT = "soft", _("Soft")
        ROUND = "round", _("Round")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name shown"), max_length=60)
    tagline = models.CharField(_("slogan"), max_length=90, blank=True)
    primary = models.CharField(_("main colour"), max_length=7)
    secondary = models.CharField(_("second colour"), max_length=7, blank=True)
    motif = models.CharField(
        _("landscape"), max_length=12, choices=Motif.choices, default=Motif.ARCHES
    )
    radius = models.CharField(
        _("corners"), max_length=12, choices=Radius.choices, default=Radius.SOFT
    )
    logo = models.CharField(_("logo"), max_length=200, blank=True)
    """Key in the public storage; empty for the monogram."""
    footer_text = models.CharField(_("text of the footer"), max_length=300, blank=True)
    links = models.JSONField(_("links of the footer"), default=list, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    # Two roles of the computed palette, kept so that a page need not compute it to name them.
    accent = models.CharField(max_length=7, editable=False)
    ground = models.CharField(max_length=7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        """One published, one draft."""

        verbose_name = _("theme")
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="published"), name="themes_one_published"
            ),
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="draft"), name="themes_one_draft"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="themes_published_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.status})"

    @property
    def version(self) -> str:
        """Changes whenever the style sheet does; 16 hexadecimal digits."""
        parts = (str(REVISION), self.primary, self.secondary, self.radius)
        return hashlib.blake2b("|".join(parts).encode(), digest_size=8).hexdigest()

    @property
    def logo_url(self) -> str:
        """Address of the logo; empty for none."""
        return str(storages["public"].url(self.logo)) if self.logo else ""

    @property
    def monogram(self) -> str:
        """One or two letters for where there is no logo: the first capitals of the name."""
        capitals = [letter for letter in self.name if letter.isupper()]
        return "".join(capitals[:2]) or self.name[:1].upper()
