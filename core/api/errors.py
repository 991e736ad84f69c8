"""One shape for every error of the API: ``{"code": …, "message": …, "fields": {…}}``.

``code`` is stable and meant for programs, ``message`` is translated and meant for people,
``fields`` maps an input's name (dotted when nested, ``stops.0.code``) to what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler as drf_handler
from rest_framework.views import set_rollback

from tenants.errors import PasserelleError


def body(code: str, message: str, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the body of an error; lazy translations become words in the request's language."""
    return {
        "code": code,
        "message": message,
        "fields": {name: str(text) for name, text in (fields or {}).items()},
    }


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer for what a view raised; ``None`` (a 500, and a report) for what nobody expected."""
    if isinstance(exc, PasserelleError):
        if exc.status >= status.HTTP_500_INTERNAL_SERVER_ERROR:
            return None
        set_rollback()
        return Response(body(exc.code, str(exc.message), exc.fields), status=exc.status)
    if isinstance(exc, ValidationError):
        exc = exceptions.ValidationError(_details(exc))
    response = drf_handler(exc, context)
    if response is not None:
        response.data = _reshaped(exc)
    return response


def _details(error: ValidationError) -> Any:
    """Django's own kind of validation error, as the framework writes its kind."""
    if not hasattr(error, "error_dict"):
        return {api_settings.NON_FIELD_ERRORS_KEY: error.messages}
    return {
        api_settings.NON_FIELD_ERRORS_KEY if name == NON_FIELD_ERRORS else name: messages
        for name, messages in error.message_dict.items()
    }


def _reshaped(exc: Exception) -> dict[str, Any]:
    # Raised by Django, these two carry texts for developers.
    if isinstance(exc, Http404):
        return body("not_found", _("This does not exist."))
    if isinstance(exc, PermissionDenied):
        return body("permission_denied", _("You may not do this."))
    assert isinstance(exc, exceptions.APIException)
    if not isinstance(exc, exceptions.ValidationError):
        codes = exc.get_codes()
        code = codes if isinstance(codes, str) else exc.default_code
        return body(code, " ".join(text for _name, text in _flat(exc.detail)))
    fields: dict[str, str] = {}
    general: list[str] = []
    for name, text in _flat(exc.detail):
        if not name:
            general.append(text)
        else:
            fields[name] = f"{fields[name]} {text}" if name in fields else text
    message = " ".join(general) or _("Some of what was sent is not right.")
    return body("invalid", message, fields)


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every message with the dotted name of its field; the empty name for those of no field."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            inside = path if name == api_settings.NON_FIELD_ERRORS_KEY else _joined(path, name)
            yield from _flat(inner, inside)
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _flat(inner, _joined(path, index) if nested else path)
    else:
        yield path, str(detail)


def _joined(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
