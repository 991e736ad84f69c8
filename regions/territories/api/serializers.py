"""What the API tells of a municipality."""

from __future__ import annotations

from rest_framework import serializers

from regions.territories.models import Municipality


class MunicipalitySerializer(serializers.ModelSerializer[Municipality]):
    """A municipality; ``label`` is the name as homonyms are told apart, « Rennes (35) »."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Municipality
        fields = [
            "code",
            "name",
            "label",
            "departement",
            "region",
            "intercommunality_code",
            "intercommunality_name",
            "postal_codes",
            "population",
            "lat",
            "lon",
        ]
        read_only_fields = fields
        extra_kwargs = {
            "code": {"help_text": "INSEE code"},
            "departement": {"help_text": "Code of the département"},
            "region": {"help_text": "INSEE code of the région"},
            "intercommunality_code": {"help_text": "SIREN of the EPCI; empty if none"},
            "population": {"help_text": "Inhabitants; null where nobody lives"},
            "lat": {"help_text": "Latitude of the centroid, WGS 84 degrees; null if not published"},
            "lon": {"help_text": "Longitude of the centroid, WGS 84 degrees; null likewise"},
        }


class MunicipalityListSerializer(serializers.Serializer[dict[str, list[Municipality]]]):
    """The likeliest municipalities, best first."""

    results = MunicipalitySerializer(many=True)


class SearchParameters(serializers.Serializer[dict[str, object]]):
    """The query of a search."""

    q = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=100,
        help_text="Beginning of a name or of a postal code; accents and hyphens do not matter",
    )
    region = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=60,
        help_text="INSEE codes of régions to stay in, separated by commas",
    )
    limit = serializers.IntegerField(
        required=False, default=10, min_value=1, max_value=50, help_text="At most this many"
    )
