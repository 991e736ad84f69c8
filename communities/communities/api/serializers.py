"""Communities as the API writes and reads them."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from communities.communities.joining import may_ask_again_at
from communities.communities.models import Community, Membership


class MembershipSerializer(serializers.Serializer[Membership]):
    """Where the person who asks stands in a community."""

    status = serializers.ChoiceField(choices=Membership.Status.choices)
    role = serializers.ChoiceField(choices=Membership.Role.choices)
    can_ask_again_at = serializers.SerializerMethodField(
        help_text="For who was refused: from when on a new request is taken; else null."
    )

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_can_ask_again_at(self, membership: Membership) -> Any:
        """Return the end of the region's delay."""
        again_at = may_ask_again_at(membership, self.context["rules"])
        return again_at.isoformat() if again_at else None


class JoinSerializer(serializers.Serializer[Any]):
    """What joining may need: see the community's ``validation``."""

    message = serializers.CharField(
        max_length=500,
        required=False,
        default="",
        allow_blank=True,
        help_text="For the moderators, where validation is ``moderator``.",
    )
    identifier = serializers.CharField(
        max_length=100,
        required=False,
        default="",
        allow_blank=True,
        help_text="Where validation is ``secured``. Five tries in a quarter of an hour.",
    )
    accepts_mails = serializers.BooleanField(
        required=False, default=False, help_text="Those who run it may write to you by e-mail."
    )
    shows_address = serializers.BooleanField(
        required=False, default=False, help_text="Those who run it see your e-mail address."
    )


class CommunitySerializer(serializers.ModelSerializer[Community]):
    """A community, as its page shows it to anyone."""

    id = serializers.UUIDField(source="public_id", help_text="The same for ever.")
    url = serializers.SerializerMethodField(help_text="Path of its page on the region's site.")
    logo_url = serializers.CharField(help_text="Empty where there is none.")
    members_count = serializers.IntegerField(min_value=0, help_text="Accepted members.")
    membership = serializers.SerializerMethodField(
        help_text="Yours, or null: signed out, or never joined."
    )

    class Meta:
        model = Community
        fields: ClassVar[list[str]] = [
            "id",
            "slug",
            "name",
            "kind",
            "short_description",
            "description",
            "place_label",
            "municipality_code",
            "lat",
            "lon",
            "validation",
            "adverts_hidden",
            "members_hidden",
            "members_count",
            "logo_url",
            "contact_email",
            "url",
            "created_at",
            "membership",
        ]

    def get_url(self, community: Community) -> str:
        """Return the page's path."""
        return community.get_absolute_url()

    @extend_schema_field(MembershipSerializer(allow_null=True))
    def get_membership(self, community: Community) -> Any:
        """Return the row of the person who asks, looked up for the whole page at once."""
        row = self.context.get("memberships", {}).get(community.pk)
        return MembershipSerializer(row, context=self.context).data if row is not None else None


class CommunityCreateSerializer(serializers.Serializer[Any]):
    """What a new community says of itself."""

    name = serializers.CharField(min_length=3, max_length=100)
    kind = serializers.ChoiceField(choices=Community.Kind.choices)
    short_description = serializers.CharField(max_length=200)
    description = serializers.CharField(
        max_length=5000, required=False, default="", allow_blank=True
    )
    municipality_code = serializers.RegexField(
        r"^[0-9][0-9AB][0-9]{3}$", help_text="INSEE code, inside the region."
    )
    address = serializers.CharField(max_length=150, required=False, default="", allow_blank=True)
    validation = serializers.ChoiceField(
        choices=Community.Validation.choices, required=False, default=Community.Validation.AUTOMATIC
    )
    domains = serializers.ListField(
        child=serializers.CharField(max_length=253),
        required=False,
        default=list,
        max_length=50,
        help_text="Where validation is ``domain``: at least one, for example ``ville.example``.",
    )
    municipalities = serializers.ListField(
        child=serializers.RegexField(r"^[0-9][0-9AB][0-9]{3}$"),
        required=False,
        default=list,
        max_length=150,
        help_text="INSEE codes of a territory; without any, the community's own municipality.",
    )
    same_name_meant = serializers.BooleanField(
        required=False, default=False, help_text="Create it although another has this name."
    )
    key = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Names the attempt: sent again, the same key makes nothing new.",
    )


class CommunityFilterSerializer(serializers.Serializer[Any]):
    """What a list of communities can be narrowed by."""

    q = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=100,
        help_text="Words of the name, place or short description; accents do not matter.",
    )
    kind = serializers.ChoiceField(choices=Community.Kind.choices, required=False)
    departement = serializers.RegexField(
        r"^([0-9][0-9AB]|97[0-9])$", required=False, default="", help_text="Its code."
    )
    municipality = serializers.RegexField(
        r"^[0-9][0-9AB][0-9]{3}$", required=False, help_text="INSEE code."
    )
    intercommunality = serializers.RegexField(
        r"^[0-9]{9}$", required=False, help_text="SIREN code."
    )
