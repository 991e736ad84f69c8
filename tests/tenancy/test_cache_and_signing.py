"""The same key or token in two regions is two things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.db import ProgrammingError, transaction
from pytest_django import Settings

from core.accounts.models import Account
from tenants import signing
from tenants.context import platform_scope, registry_scope, tenant_scope
from tenants.errors import InvalidTokenError
from tests.conftest import Twins

HOUR = timedelta(hours=1)
COPIED = UUID("00000000-0000-4000-8000-000000000001")
PASSWORD = "!the-same-in-both-regions"


def _shared_key(cache: Any, twins: Twins) -> None:
    for tenant in twins:
        with tenant_scope(tenant):
            cache.set("key", tenant.slug)
    with platform_scope(reason="test"):
        cache.set("key", "platform")
    for tenant in twins:
        with tenant_scope(tenant):
            assert cache.get("key") == tenant.slug
            cache.incr("hits") if cache.get("hits") else cache.set("hits", 1)
            assert cache.get("hits") == 1


def test_the_table_keeps_regions_apart(twins: Twins, _database: None) -> None:
    _shared_key(caches["default"], twins)
    with registry_scope(), pytest.raises(ProgrammingError), transaction.atomic():
        caches["default"].get("key")


def test_redis_keeps_regions_apart(twins: Twins, _database: None, redis_url: str) -> None:
    from tenants.cache import make_key

    cache = RedisCache(redis_url, {"KEY_FUNCTION": make_key})
    cache.clear()
    _shared_key(cache, twins)
    raw = {key.decode() for key in cache._cache.get_client().keys("*")}
    assert {"t_alpha::1:key", "t_beta::1:key", "platform::1:key"} <= raw
    cache.clear()


def test_a_signed_value_is_worth_nothing_elsewhere(twins: Twins) -> None:
    with tenant_scope(twins.a):
        token = signing.dumps({"file": 1}, purpose="test")
        assert signing.loads(token, purpose="test", max_age=HOUR) == {"file": 1}
        with pytest.raises(InvalidTokenError):
            signing.loads(token, purpose="another", max_age=HOUR)
        with pytest.raises(InvalidTokenError):
            signing.loads(token, purpose="test", max_age=timedelta(seconds=-1))
        with pytest.raises(InvalidTokenError):
            signing.loads(
                token[:-1] + ("A" if token[-1] != "A" else "B"), purpose="test", max_age=HOUR
            )
    for scope in (tenant_scope(twins.b), registry_scope(), platform_scope(reason="test")):
        with scope, pytest.raises(InvalidTokenError):
            signing.loads(token, purpose="test", max_age=HOUR)


def test_what_one_region_sealed_is_read_by_that_region_alone(
    twins: Twins, settings: Settings
) -> None:
    with tenant_scope(twins.a):
        sealed = signing.seal("secret", purpose="test")
        assert "secret" not in sealed and sealed != signing.seal("secret", purpose="test")
        assert signing.unseal(sealed, purpose="test") == "secret"
        for text, purpose in ((sealed, "another"), (sealed[:-8], "test"), ("secret", "test")):
            with pytest.raises(InvalidTokenError):
                signing.unseal(text, purpose=purpose)
    for scope in (tenant_scope(twins.b), registry_scope(), platform_scope(reason="test")):
        with scope, pytest.raises(InvalidTokenError):
            signing.unseal(sealed, purpose="test")
    # A new secret reads what the former one sealed, as long as it is named.
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-the-installation"
    with tenant_scope(twins.a):
        assert signing.unseal(sealed, purpose="test") == "secret"


def test_a_session_row_of_one_region_opens_nothing_in_another(
    twins: Twins, client_for: Callable[..., Any], account_factory: Callable[..., Any]
) -> None:
    """The same account and the same session's row, both copied: still signed out."""
    from django.contrib.sessions.models import Session

    people = {}
    for tenant in twins:
        with tenant_scope(tenant):
            people[tenant.slug] = account_factory(pk=900_001, public_id=COPIED)
            # Down to the password's hash: only the region differs.
            Account.objects.filter(pk=900_001).update(password=PASSWORD)
            people[tenant.slug].refresh_from_db()
    signed_in = client_for(twins.a, people["alpha"])
    cookie = signed_in.cookies["session"].value
    with tenant_scope(twins.a):
        row = Session.objects.get(session_key=cookie)
        copied = (row.session_key, row.session_data, row.expire_date)
    page = "/compte/"
    assert signed_in.get(page).status_code == 200

    other = client_for(twins.b)
    other.cookies["session"] = cookie
    assert other.get(page).status_code == 302
    with tenant_scope(twins.b):
        Session.objects.create(session_key=copied[0], session_data=copied[1], expire_date=copied[2])
    other.cookies["session"] = cookie
    assert other.get(page).status_code == 302, "the session's hash is bound to its region"
