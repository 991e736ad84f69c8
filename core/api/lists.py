"""Lists of the API that show people their own rows."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

Model = TypeVar("Model", bound=models.Model)


class OwnView(GenericAPIView[Model]):
    """What is for people who are signed in; give ``serializer_class`` and an empty ``queryset``."""

    permission_classes = (IsAuthenticated,)

    def answer_list(self, rows: Any) -> Response:
        """Answer with the page of rows asked for."""
        shown = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)
