"""What partners have been told of the region's communities. Tenant schema."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Told(models.Model):
    """The last event about a community: what its read model says, or is about to.

    Its row is the lock under which a community is counted and told of.
    """

    community = models.UUIDField(_("community (public id)"), primary_key=True)
    """No foreign key: what was told of a community that is gone has to be taken back."""
    said = models.JSONField(_("payload"), default=dict)

    class Meta:
        verbose_name = _("community told of")
        ordering: ClassVar[list[str]] = ["community"]

    def __str__(self) -> str:
        return str(self.community)
