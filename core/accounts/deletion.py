"""Deleting an account on either side of the public/tenant line.

``Account`` exists in both schemas, and relations to it come from apps that exist in one only:
the admin's log in public, memberships and adverts in tenants. Django's collector asks every
related table; ours asks those that exist where the deletion happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connections, models
from django.db.models.deletion import Collector

from tenants.routers import lives_in


def lives_here(model: type[models.Model], *, using: str) -> bool:
    """Whether the model's table exists in the schema where ``using`` currently works."""
    public = getattr(connections[using], "schema_name", "public") == "public"
    return lives_in(model._meta.app_label, public=public)


class SchemaCollector(Collector):
    """A deletion collector that leaves out relations of apps absent from the current schema."""

    using: str

    def related_objects(
        self,
        related_model: type[models.Model],
        related_fields: Iterable[models.Field[Any, Any]],
        objs: Any,
    ) -> models.QuerySet[Any]:
        """Return the rows of ``related_model`` that point to ``objs``; none where it is absent."""
        if not lives_here(related_model, using=self.using):
            return related_model._base_manager.using(self.using).none()
        return super().related_objects(related_model, related_fields, objs)
