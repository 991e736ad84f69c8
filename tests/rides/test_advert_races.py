"""Double clicks at the same moment, on committed data, with real threads."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connections

from rides.adverts.drafting import draft_save
from rides.adverts.inputs import Place
from rides.adverts.models import Advert, AdvertDraft
from rides.adverts.services import advert_publish, advert_renew
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.factories import make_account
from tests.rides.situations import MONDAY, RENNES, VITRE, make_advert, weekly


def at_once(tenant: Tenant, work: Callable[[], object], count: int = 6) -> list[object]:
    """Do the same in several threads at the same moment; return what each got."""
    barrier, results = threading.Barrier(count), []

    def run() -> None:
        try:
            with tenant_scope(tenant):
                barrier.wait()
                results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_attempt_sent_six_times_at_once_is_one_advert(
    committed_regions: Callable[..., Tenant],
) -> None:
    tenant = committed_regions("gamma")
    with tenant_scope(tenant):
        author = make_account()
    for _round in range(5):
        key = uuid.uuid4()

        def publish(key: uuid.UUID = key) -> Any:
            return advert_publish(
                author=author,
                role="driver",
                origin=Place(RENNES),
                destination=Place(VITRE),
                planning=weekly(),
                seats=3,
                public_id=key,
            ).public_id

        assert at_once(tenant, publish) == [key] * 6
    with tenant_scope(tenant):
        assert Advert.objects.count() == 5
        assert all(advert.schedules.count() == 5 for advert in Advert.objects.all())


def test_drafts_kept_and_renewals_asked_for_at_once(
    committed_regions: Callable[..., Tenant],
) -> None:
    tenant = committed_regions("gamma")
    with tenant_scope(tenant):
        advert = make_advert()
        Advert.objects.update(valid_until=MONDAY)
        author = advert.author
    kept = at_once(tenant, lambda: draft_save(account=author, data={"key": "x", "steps": {}}))
    assert kept == [None] * 6
    renewed = at_once(tenant, lambda: advert_renew(advert=advert, ended=MONDAY).valid_until)
    assert len({str(day) for day in renewed}) == 1, renewed
    with tenant_scope(tenant):
        assert AdvertDraft.objects.count() == 1
        assert Advert.objects.get().valid_until == renewed[0]
