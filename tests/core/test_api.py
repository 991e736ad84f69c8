"""What all endpoints share: the shape of errors, and the description that says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy, override
from rest_framework import exceptions, serializers

from core.api.errors import exception_handler
from tenants.errors import NoTenantError, PasserelleError
from tests.client import StrictClient


class _Taken(PasserelleError):
    status = 409


class _Stop(serializers.Serializer):
    code = serializers.CharField(max_length=5)


class _Trip(serializers.Serializer):
    name = serializers.CharField(max_length=3)
    stops = _Stop(many=True)


def answer(error: Exception) -> tuple[int, dict[str, Any]]:
    with override("en"):
        response = exception_handler(error, {})
        assert response is not None
        data: dict[str, Any] = json.loads(json.dumps(response.data))
        assert set(data) == {"code", "message", "fields"}
        return response.status_code, data


def test_an_error_of_a_service_keeps_its_code_status_and_fields() -> None:
    error = _Taken(gettext_lazy("Home"), code="seat_taken", fields={"seat": gettext_lazy("Close")})
    assert answer(error) == (
        409,
        {"code": "seat_taken", "message": "Home", "fields": {"seat": "Close"}},
    )


def test_nested_fields_have_dotted_names() -> None:
    trip = _Trip(data={"name": "too long", "stops": [{"code": "35238"}, {"code": "123456"}]})
    with pytest.raises(exceptions.ValidationError) as caught:
        trip.is_valid(raise_exception=True)
    status, data = answer(caught.value)
    assert (status, data["code"]) == (400, "invalid")
    assert set(data["fields"]) == {"name", "stops.1.code"}
    assert data["message"]


@pytest.mark.parametrize(
    ("error", "status", "code", "fields"),
    [
        (Http404("No Community matches"), 404, "not_found", {}),
        (PermissionDenied("secret reason"), 403, "permission_denied", {}),
        (
            exceptions.NotAuthenticated(),
            401,
            "not_authenticated",
            {},
        ),  # 403 in a view: sessions have no challenge
        (exceptions.ParseError(), 400, "parse_error", {}),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed", {}),
        (exceptions.UnsupportedMediaType("text/csv"), 415, "unsupported_media_type", {}),
        (exceptions.Throttled(7), 429, "throttled", {}),
        (ValidationError("No."), 400, "invalid", {}),
        (ValidationError({"name": ["Short.", "Ugly."]}), 400, "invalid", {"name": "Short. Ugly."}),
        (exceptions.ValidationError(["One.", "Two."]), 400, "invalid", {}),
        (
            exceptions.ValidationError({"days": ["None chosen."]}),
            400,
            "invalid",
            {"days": "None chosen."},
        ),
    ],
)
def test_whatever_happens_the_shape_is_the_same(
    error: Exception, status: int, code: str, fields: dict[str, str]
) -> None:
    got, data = answer(error)
    assert (got, data["code"], data["fields"]) == (status, code, fields)
    assert (
        data["message"] and "Community" not in data["message"] and "secret" not in data["message"]
    )


def test_mistakes_of_ours_are_not_dressed_up() -> None:
    assert exception_handler(ZeroDivisionError(), {}) is None
    assert exception_handler(NoTenantError("This"), {}) is None


@pytest.mark.parametrize("accept", ["application/vnd.oai.openapi+json", "application/json"])
def test_the_description_is_public_and_names_the_shape_of_errors(
    accept: str, client: StrictClient
) -> None:
    response = client.get("/api/v1/schema/", headers={"accept": accept})
    assert response.status_code == 200
    described = json.loads(response.content)
    assert described["openapi"].startswith("3.")
    for path in described["paths"].values():
        for operation in (path[method] for method in ("get", "post") if method in path):
            reference = operation["responses"]["4XX"]["content"]["application/json"]["schema"]
            assert reference == {"$ref": "#/components/schemas/Error"}
    assert described["components"]["schemas"]["Error"]["required"] == ["code", "message", "fields"]


def test_it_speaks_the_language_that_was_chosen(client: StrictClient) -> None:
    """That of the cookie, as pages do; else the region's."""
    words = []
    for language in ("fr", "en"):
        client.cookies["language"] = language
        words.append(client.post("/api/v1/communities/").json()["message"])
    assert words[0] != words[1]


def test_an_address_that_is_no_endpoint_answers_in_the_same_shape(client: StrictClient) -> None:
    for path in ("/api/v1/nothing/", "/api/v1/communities/not a slug/", "/api/"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    page = client.get("/nothing/")
    assert page.status_code == 404 and page["Content-Type"].startswith("text/html")
