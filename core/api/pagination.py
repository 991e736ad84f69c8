"""Pages of a list: ``?page=2&page_size=50``."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import pagination
from rest_framework.views import APIView

MAX_PAGE_SIZE: Final = 100
"""More rows than this at once are never sent, whatever a client asks for."""


class PageNumberPagination(pagination.PageNumberPagination):
    """Numbered pages of ``PAGE_SIZE`` rows (settings) unless the client says less or more.

    A page that does not exist answers 404, code ``not_found``.
    """

    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Describe both parameters, with their bounds."""
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            parameter["schema"]["minimum"] = 1
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"]["maximum"] = MAX_PAGE_SIZE
        return parameters
