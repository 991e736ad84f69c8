"""Who reads a page; and administrators reach the console with a second factor, where asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from core.accounts.readers import reading_as
from core.accounts.second_factor import needs_second_factor

CONSOLE: Final = "/administration/"


class SecondFactorMiddleware:
    """Leads an administrator without a second factor to the page that sets it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; one query for those who administer nothing, none outside the console."""
        if (
            request.path.startswith(CONSOLE)
            and request.user.is_authenticated
            and needs_second_factor(request.user)
        ):
            return redirect("accounts:second-factor")
        return self.get_response(request)


class ReaderMiddleware:
    """Says who reads: whoever the request is from when somebody is to be named."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; no query."""
        with reading_as(lambda: request.user):
            return self.get_response(request)
