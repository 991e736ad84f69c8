"""Errors outside any view: in the API's shape under ``/api/``, as a page elsewhere.

Named by the URLs as ``handler404`` and its kin.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from core.api.errors import body
from core.shell.site import errors as pages

PREFIX: Final = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent could not be understood."""
    if not request.path.startswith(PREFIX):
        return pages.bad_request(request, exception)
    return JsonResponse(body("invalid", _("Some of what was sent is not right.")), status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not for this person."""
    if not request.path.startswith(PREFIX):
        return pages.permission_denied(request, exception)
    return JsonResponse(body("permission_denied", _("You may not do this.")), status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such address."""
    if not request.path.startswith(PREFIX):
        return pages.page_not_found(request, exception)
    return JsonResponse(body("not_found", _("This does not exist.")), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours; reads nothing from the database."""
    if not request.path.startswith(PREFIX):
        return pages.server_error(request)
    return JsonResponse(body("server_error", _("Something went wrong on our side.")), status=500)
