"""The language of a page: what the person chose, else the region's own."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import check_for_language


def language_of(request: HttpRequest) -> str:
    """Return the cookie's language, else the region's, else the default.

    The browser's own list is left aside: a region speaks its language to everyone until they
    choose another in the menu, and a page is the same for two people who share its address.
    """
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in known and check_for_language(chosen):
        return chosen
    own = getattr(getattr(request, "tenant", None), "language", "")
    return own if own in known else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Activates the language for the time of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in that language, and say so."""
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response
