"""What a page answers to a click: what was done, or why it was not, as a toast."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from tenants.errors import PasserelleError


def attempt(request: HttpRequest, act: Callable[[], object], said: str = "") -> bool:
    """Act, and say so (empty: say nothing) or why not; whether it was done."""
    try:
        act()
    except PasserelleError as refused:
        messages.error(request, str(refused.message))
        return False
    if said:
        messages.success(request, said)
    return True
