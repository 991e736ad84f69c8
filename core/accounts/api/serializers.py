"""The person who is signed in, as JSON."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from core.accounts.models import Account


class MeSerializer(serializers.ModelSerializer[Account]):
    """One's own account: for oneself only."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    display_name = serializers.CharField(
        read_only=True, help_text="What other members see: first name and initial."
    )
    roles: Any = serializers.SlugRelatedField(many=True, read_only=True, slug_field="role")

    class Meta:
        model = Account
        fields: ClassVar[tuple[str, ...]] = (
            "id",
            "email",
            "display_name",
            "first_name",
            "last_name",
            "phone",
            "title",
            "birth_date",
            "residence_code",
            "language",
            "created_at",
            "roles",
        )
        read_only_fields = fields
