"""``/api/v1/me/``."""

from __future__ import annotations

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts.api.serializers import MeSerializer
from core.accounts.models import Account


class MeView(APIView):
    """The account that is signed in."""

    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Return one's own account."""
        return Response(MeSerializer(cast(Account, request.user)).data)
