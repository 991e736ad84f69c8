"""Error pages in the region's look; core/urls names them as handler400 … handler500."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.shell.context_processors import Shell
from core.shell.theme import ThemeInfo, remembered_theme


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 in the region's look."""
    return _error(
        request,
        400,
        _("This request could not be understood"),
        _("The address or the form that was sent is incomplete. Go back and try again."),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 in the region's look."""
    return _error(
        request,
        403,
        _("You do not have access to this page"),
        _("Sign in with another account, or ask the people in charge to give you access."),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the region's look."""
    return _error(
        request,
        404,
        _("This page does not exist"),
        _("It may have been moved or removed. Check the address, or start from the home page."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose protection has expired (CSRF_FAILURE_VIEW)."""
    return _error(
        request,
        403,
        _("This form has expired"),
        _("Nothing was saved. Go back, reload the page, and send the form again."),
    )


def _error(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(
        request,
        "shell/error.html",
        {"status": status, "error_title": title, "error_text": text},
        status=status,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the database, without context processors, without the session.

    It wears the region's look when this request had already asked for it.
    """
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
    if code not in dict(settings.LANGUAGES):
        code = settings.LANGUAGE_CODE
    with override(code):
        context: dict[str, Any] = {
            "shell": BareShell(request),
            "status": 500,
            "error_title": _("Something went wrong on our side"),
            "error_text": _(
                "We have been told. Try again in a few minutes: nothing you saved is lost."
            ),
        }
        return HttpResponse(render_to_string("shell/error_bare.html", context), status=500)


class BareShell(Shell):
    """The shell of a page that must not touch the database."""

    @property
    def theme(self) -> ThemeInfo:
        """The look this request already had, else the neutral one."""
        return remembered_theme(self._request)
