"""Administrators reach the console with a second factor, where their region asks for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

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
