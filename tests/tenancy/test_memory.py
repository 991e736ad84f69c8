"""What a process remembers of a region is that region's, committed, and read again in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from core.accounts.models import AccountSettings
from tenants.context import current_tenant, tenant_scope
from tenants.memory import Remembered
from tenants.models import Tenant
from tests.client import StrictClient

Regions = Callable[..., Tenant]


def test_each_region_has_its_own_value(committed_regions: Regions) -> None:
    reads: list[str] = []

    def read() -> str:
        reads.append(current_tenant().slug)
        return current_tenant().slug

    memory = Remembered(read)
    for tenant in (committed_regions("one"), committed_regions("two")) * 2:
        with tenant_scope(tenant):
            assert memory.get() == tenant.slug
    assert reads == ["one", "two"]


def test_what_is_not_committed_is_not_remembered(committed_regions: Regions) -> None:
    memory = Remembered(lambda: AccountSettings.current().charter_version)

    class Abandoned(Exception):
        pass

    with tenant_scope(committed_regions("one")):
        with pytest.raises(Abandoned), transaction.atomic():
            AccountSettings.objects.update_or_create(pk=1, defaults={"charter_version": "never"})
            assert memory.get() == "never"
            raise Abandoned
        assert memory.get() == "1"


def test_a_change_shows_once_it_is_committed(committed_regions: Regions) -> None:
    memory = Remembered(lambda: AccountSettings.current().charter_version)
    with tenant_scope(committed_regions("one")):
        assert memory.get() == "1"
        with transaction.atomic():
            AccountSettings.objects.update_or_create(pk=1, defaults={"charter_version": "2"})
            memory.forget_on_commit()
        assert memory.get() == "2"


def test_a_published_look_shows_on_the_next_page(committed_regions: Regions) -> None:
    from branding.themes.services import theme_draft, theme_publish

    client, tenant = StrictClient("one.localhost"), committed_regions("one")
    assert "Cap sur le large" not in client.get("/").content.decode()
    with tenant_scope(tenant):
        theme_publish(theme=theme_draft(name="Un", primary="#114488", tagline="Cap sur le large"))
    assert "Cap sur le large" in client.get("/").content.decode()
