"""Pages of a list: ``?page=2&page_size=50``."""

from __future__ import annotations

from typing import Final

from rest_framework import pagination

MAX_PAGE_SIZE: Final = 100
"""More rows than this at once are never sent, whatever a client asks for."""


class PageNumberPagination(pagination.PageNumberPagination):
    """Numbered pages of ``PAGE_SIZE`` rows (settings) unless the client says less or more.

    A page that does not exist answers 404, code ``not_found``.
    """

    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
