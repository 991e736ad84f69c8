"""A « no » said while a « yes » is under way, on real connections: nothing passes beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from itertools import product

from django.db import connections, transaction

from core.accounts import inventory
from core.accounts.models import Account
from regions.pool.models import PooledAdvert
from regions.projection.projector import drain
from rides.adverts.models import Advert
from rides.adverts.services import advert_pause, advert_resume
from rides.pooling.models import pooling_switch
from rides.pooling.services import (
    advert_agree,
    adverts_sync,
    refuse_all,
    region_refuse,
    region_sync,
)
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.factories import make_account
from tests.regions.agreement_help import agree
from tests.rides.situations import make_advert


def crossing(
    tenant: Tenant, first: Callable[[], object], second: Callable[[], object]
) -> list[Exception]:
    """Run ``second`` while ``first`` has done all but commit; return what they raised."""
    written, done = threading.Event(), threading.Event()
    errors: list[Exception] = []

    def early() -> None:
        with transaction.atomic():
            first()
            written.set()
            done.wait(0.4)

    def late() -> None:
        written.wait(10)
        with transaction.atomic():
            second()
        done.set()

    def run(call: Callable[[], None]) -> None:
        try:
            with tenant_scope(tenant):
                call()
        except Exception as error:
            errors.append(error)
        finally:
            for connection in connections.all():
                connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in (early, late)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
        assert not one.is_alive(), "the two wait for each other"
    return errors


def deleted(account: Account) -> None:
    inventory.remove(account)
    account.delete()


def resumed(advert: Advert) -> None:
    advert_resume(advert=Advert.objects.get(pk=advert.pk))


def test_a_no_holds_against_a_yes_of_the_same_moment(
    committed_regions: Callable[..., Tenant],
) -> None:
    """Refused for all, kept from one region, account deleted, while the advert is being told."""
    home, west = committed_regions("refus"), committed_regions("voisine")
    agree(home, west)
    with tenant_scope(home), transaction.atomic():
        pooling_switch(enabled=True)
    for yes, no in product(("agreed", "resumed", "clock"), ("all", "region", "deleted")):
        with tenant_scope(home), transaction.atomic():
            author = make_account()
            advert = make_advert(author=author)
            if yes != "agreed":
                advert_agree(advert=advert, account=author)
            if yes == "resumed":
                advert_pause(advert=advert)
            if yes == "clock":  # as after a moment at which nothing could leave
                pooling_switch(enabled=False)
                adverts_sync([advert.pk])
                pooling_switch(enabled=True)
        drain(home)
        first: Callable[[], object] = {
            "agreed": partial(advert_agree, advert=advert, account=author),
            "resumed": partial(resumed, advert),
            "clock": region_sync,
        }[yes]
        second: Callable[[], object] = {
            "all": partial(refuse_all, account=author),
            "region": partial(region_refuse, account=author, region=west.pk),
            "deleted": partial(deleted, author),
        }[no]
        assert crossing(home, first, second) == []
        drain(home)
        with platform_scope(reason="a test looks"):
            told = list(PooledAdvert.objects.filter(tenant_id=home.pk))
            PooledAdvert.objects.filter(tenant_id=home.pk).delete()
        assert all(no == "region" and west.pk in one.withheld for one in told), (yes, no)
        with tenant_scope(home):
            Advert.objects.all().delete()
