"""A task names its region or is the platform's; a third kind cannot exist."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import chord, group
from django.db import transaction

from tenants.context import platform_scope, tenant_scope
from tenants.errors import NoTenantError
from tenants.models import Tenant
from tenants.tasks import HEADER, PlatformTask, TenantTask, app
from tests.tenancy import sample_tasks
from tests.tenancy.sql import mark
from tests.workers import worker_over


def test_every_registered_task_is_of_one_of_two_kinds() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert ours
    for name, task in ours.items():
        assert isinstance(task, TenantTask | PlatformTask), name
    for entry in (app.conf.beat_schedule or {}).values():
        assert isinstance(app.tasks[entry["task"]], PlatformTask), "the clock knows no region"


def test_without_a_region_it_cannot_be_sent_or_run(twins: Any, _database: None) -> None:
    with pytest.raises(NoTenantError):
        sample_tasks.where.delay()
    with pytest.raises(NoTenantError):
        sample_tasks.where()
    with platform_scope(reason="test"), pytest.raises(NoTenantError):
        sample_tasks.where.delay()


def test_enqueue_waits_for_the_commit(committed_regions: Callable[..., Tenant]) -> None:
    tenant = committed_regions("commit")
    sample_tasks.ran.clear()
    with tenant_scope(tenant):
        mark("commit")
        with transaction.atomic():
            sample_tasks.where.enqueue(label="kept")
            assert sample_tasks.ran == []
        assert sample_tasks.ran == [("kept", "commit")]
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            sample_tasks.where.enqueue(label="undone")
            raise ZeroDivisionError
    assert sample_tasks.ran == [("kept", "commit")]


def test_a_task_goes_to_the_region_that_enqueued_it(
    committed_regions: Callable[..., Tenant],
) -> None:
    """Whichever is current when the transaction ends."""
    one, other = committed_regions("sender"), committed_regions("later")
    for tenant in (one, other):
        with tenant_scope(tenant):
            mark(tenant.slug)
    sample_tasks.ran.clear()
    with tenant_scope(other), transaction.atomic(), tenant_scope(one):
        sample_tasks.where.enqueue(label="from")
    assert sample_tasks.ran == [("from", "sender")]


@pytest.fixture
def worker(redis_url: str, committed_regions: Callable[..., Tenant]) -> Iterator[list[Tenant]]:
    """A real worker over a real Redis, and two regions that carry their mark."""
    regions = [committed_regions("work-a"), committed_regions("work-b")]
    for region in regions:
        with tenant_scope(region):
            mark(region.slug)
    sample_tasks.ran.clear()
    with worker_over(redis_url):
        yield regions


def test_over_redis_each_task_runs_in_its_region(worker: list[Tenant]) -> None:
    results = []
    for turn in range(10):
        for region in worker:
            with tenant_scope(region):
                results.append((region.slug, sample_tasks.where.delay(label=str(turn))))
    for slug, result in results:
        assert result.get(timeout=10) == slug


def test_over_redis_a_retry_a_group_and_a_chord_stay_in_their_region(worker: list[Tenant]) -> None:
    for region in worker:
        with tenant_scope(region):
            again = sample_tasks.where_after_retry.delay(label=region.slug)
            parts = group(sample_tasks.where.s() for _ in range(3)).apply_async()
            whole = chord([sample_tasks.where.s(), sample_tasks.where.s()])(
                sample_tasks.gather.s(label="chord")
            )
        assert again.get(timeout=10) == region.slug
        assert parts.get(timeout=10) == [region.slug] * 3
        assert whole.get(timeout=10) == f"{region.slug},{region.slug}"
    assert ("chord", "work-a") in sample_tasks.ran
    assert ("chord", "work-b") in sample_tasks.ran


def test_over_redis_a_platform_task_is_in_no_region(worker: list[Tenant]) -> None:
    with tenant_scope(worker[0]):
        assert sample_tasks.everywhere.delay().get(timeout=10) == "registry"


def test_over_redis_a_forged_message_without_region_fails(worker: list[Tenant]) -> None:
    sent = app.send_task(sample_tasks.where.name, kwargs={"label": "forged"})
    for _ in range(100):
        if sent.ready():
            break
        time.sleep(0.1)
    assert sent.failed()
    assert "no_tenant" in repr(sent.result)
    ghost = app.send_task(sample_tasks.where.name, headers={HEADER: "ghost"})
    with pytest.raises(Exception, match="matching query"):
        ghost.get(timeout=10)
