"""The API against its own description: whatever is sent, the answer is one that it announces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account, make_community

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@contextmanager
def one_transaction() -> Iterator[None]:
    """Requests of this process share the test's transaction: none of them may end it.

    Django's own client does the same around each of its requests.
    """
    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_started.connect(reset_queries)
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


def described(client: StrictClient) -> Any:
    accept = {"accept": "application/vnd.oai.openapi+json"}
    raw = client.get("/api/v1/schema/", headers=accept).json()
    schema = schemathesis.openapi.from_dict(raw)
    schema.app = get_wsgi_application()
    return schema


@pytest.mark.parametrize("role", ["visitor", "member", "administrator"])
def test_every_answer_is_announced(role: str, tenant: Tenant, client: StrictClient) -> None:
    make_community(name="Hôtel de ville")
    headers = {"Host": client.host}
    if role != "visitor":
        person = make_account()
        if role == "administrator":
            person.roles.create(role="administrator")
        client.force_login(person)
        headers["Cookie"] = "; ".join(f"{key}={one.value}" for key, one in client.cookies.items())
    operations = [found.ok() for found in described(client).get_all_operations()]
    assert len(operations) >= 10
    with one_transaction():
        for operation in operations:
            try_operation(operation, headers)


def try_operation(operation: Any, headers: dict[str, str]) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=12,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        case.call_and_validate(
            base_url="http://alpha.localhost", headers=headers, checks=list(CHECKS)
        )

    run()
