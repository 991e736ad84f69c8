"""Alerts hear of partners' adverts through the real projector, by the rules of the search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.models import Account
from regions.agreements.services import agreement_end, agreement_resume, agreement_suspend
from regions.projection.projector import drain
from rides.adverts.models import Advert
from rides.conversations.services import account_block
from rides.pooling.models import pooling_switch
from rides.pooling.services import advert_agree, advert_take_back, region_refuse, region_sync
from rides.relay.adverts import mirror_refresh
from rides.search.alerts import alert_tell, alerts_due, pool_match
from rides.search.models import AlertHit, PooledHit, SavedSearch
from tenants.context import tenant_scope
from tests.client import StrictClient
from tests.conftest import Twins
from tests.regions.agreement_help import administrator, agree
from tests.rides.situations import BREST, FOUGERES, NANTES, make_advert, weekly
from tests.rides.test_alerts import keep


class World:
    """Two regions that share adverts, and what is on its way between them."""

    def __init__(self, twins: Twins, captured: Any) -> None:
        self.a, self.b = twins
        self.agreement = agree(*twins)
        self._captured = captured
        for tenant in twins:
            with tenant_scope(tenant):
                pooling_switch(enabled=True)

    def offered(self, *ends: str, **said: Any) -> tuple[Advert, UUID]:
        """An advert of B's whose author lets partners see it; it has reached the pool."""
        with tenant_scope(self.b):
            advert = make_advert(*ends, **said)
            pool_id = advert_agree(advert=advert, account=advert.author).pool_id
        self.carry()
        return advert, pool_id

    def carry(self) -> None:
        """Let the projector apply what waits, and those who watch look at it."""
        with self._captured(execute=True):
            drain(self.b)

    def mails(self) -> list[Any]:
        return [one for one in mail.outbox if "annonces" in one.subject]


@pytest.fixture
def world(
    twins: Twins, _database: None, settings: Any, django_capture_on_commit_callbacks: Any
) -> World:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    return World(twins, django_capture_on_commit_callbacks)


def test_a_partners_advert_is_told_of_once_with_its_region(
    world: World, client_for: Callable[..., StrictClient]
) -> None:
    with tenant_scope(world.a):
        alert = keep()
        elsewhere = keep(origin=NANTES)
    advert, pool_id = world.offered()
    (letter,) = world.mails()
    assert letter.to == [alert.account.email]
    assert f"/recherche/via/{pool_id}/" in letter.body
    assert "(Via Beta)" in letter.body and "(Via Beta)" in letter.alternatives[0][0]
    told = letter.body + letter.alternatives[0][0]
    assert str(advert.public_id) not in told and advert.author.last_name not in told
    with tenant_scope(world.b):
        region_sync(again=True)  # as after every booking: the same advert, said again
    world.carry()
    with tenant_scope(world.a):
        assert list(PooledHit.objects.values_list("alert", "pooled", "mailed")) == [
            (alert.pk, pool_id, True)
        ]
        assert not AlertHit.objects.exists()
        assert not elsewhere.pooled_hits.exists()
        tomorrow = timezone.now() + timedelta(hours=25)
        assert not alert_tell(alert.pk, now=tomorrow) and alerts_due(tomorrow) == []
    assert len(world.mails()) == 1
    page = client_for(world.a, alert.account).get("/recherche/alertes/").content.decode()
    assert "Via Beta" in page and "1 annonce trouvée depuis" in page


@pytest.mark.parametrize(
    ("asked", "ends", "said", "finds"),
    [
        ({"weekdays": [0]}, (), {"planning": weekly(0)}, True),
        ({"weekdays": [5]}, (), {"planning": weekly(0)}, False),
        ({"seats": 3}, (), {"seats": 2}, False),
        ({"free": True}, (), {"cents_per_km": 5}, False),
        ({"looking_for": "passengers"}, (), {"role": "passenger"}, True),
        ({}, (NANTES, BREST), {}, False),
        ({"same_gender": True}, (), {}, True),
    ],
)
def test_an_alert_asks_partners_what_its_search_asks(
    world: World, asked: dict[str, Any], ends: tuple[str, ...], said: dict[str, Any], finds: bool
) -> None:
    with tenant_scope(world.a):
        keep(**asked)
    world.offered(*ends, **said)
    with tenant_scope(world.a):
        assert PooledHit.objects.count() == finds


def hide_by_suspension(world: World, _advert: Advert) -> None:
    with tenant_scope(world.b):
        agreement_suspend(agreement=world.agreement, actor=administrator(world.b))


def hide_by_end(world: World, _advert: Advert) -> None:
    with tenant_scope(world.b):
        agreement_end(agreement=world.agreement, actor=administrator(world.b))


def hide_by_author(world: World, advert: Advert) -> None:
    with tenant_scope(world.b):
        advert_take_back(advert=advert)


def hide_from_region(world: World, advert: Advert) -> None:
    with tenant_scope(world.b):
        region_refuse(account=advert.author, region=world.a.pk)


def hide_by_block(world: World, advert: Advert) -> None:
    with tenant_scope(world.a):
        (account,) = Account.objects.filter(saved_searches__isnull=False)
        pool_id = PooledHit.objects.get(mailed=False).pooled
        account_block(blocker=account, blocked=mirror_refresh(pool_id).author)


@pytest.mark.parametrize(
    "hide",
    [hide_by_suspension, hide_by_end, hide_by_author, hide_from_region, hide_by_block],
)
def test_what_waits_to_be_told_is_told_to_nobody_once_it_is_hidden(
    world: World,
    hide: Callable[[World, Advert], None],
    client_for: Callable[..., StrictClient],
) -> None:
    """Found today, kept for tomorrow's mail, hidden meanwhile; nor does the page count it."""
    with tenant_scope(world.a):
        alert = keep()
        SavedSearch.objects.update(mailed_at=timezone.now())
    advert, _pool_id = world.offered()
    tomorrow = timezone.now() + timedelta(hours=25)
    page = client_for(world.a, alert.account)
    with tenant_scope(world.a):
        assert alerts_due(tomorrow) == [alert.pk]
    assert "Via Beta" in page.get("/recherche/alertes/").content.decode()
    hide(world, advert)
    world.carry()
    with tenant_scope(world.a):
        assert not alert_tell(alert.pk, now=tomorrow)
    assert world.mails() == []
    assert "Via Beta" not in page.get("/recherche/alertes/").content.decode()


def test_what_was_suspended_is_told_once_it_may_be_again(world: World) -> None:
    with tenant_scope(world.a):
        alert = keep()
        SavedSearch.objects.update(mailed_at=timezone.now())
    advert, pool_id = world.offered()
    hide_by_suspension(world, advert)
    tomorrow = timezone.now() + timedelta(hours=25)
    with tenant_scope(world.a):
        assert not alert_tell(alert.pk, now=tomorrow)
    with tenant_scope(world.b):
        agreement_resume(agreement=world.agreement, actor=administrator(world.b))
    with tenant_scope(world.a):
        assert alert_tell(alert.pk, now=tomorrow)
        assert list(PooledHit.objects.values_list("pooled", "mailed")) == [(pool_id, True)]
        assert alerts_due(tomorrow + timedelta(days=8)) == []


def test_a_mail_that_waits_for_its_server_says_nothing_of_what_was_taken_back_meanwhile(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with tenant_scope(world.a):
        alert = keep()
        SavedSearch.objects.update(mailed_at=timezone.now())
    advert, pool_id = world.offered()
    with tenant_scope(world.a), django_capture_on_commit_callbacks() as queued:
        assert alert_tell(alert.pk, now=timezone.now() + timedelta(hours=25))
    hide_by_author(world, advert)
    world.carry()
    for send in queued:
        send()
    assert world.mails() == []
    with tenant_scope(world.b):
        assert advert_agree(advert=advert, account=advert.author).pool_id == pool_id
    world.carry()
    for send in queued:
        send()
    assert [one.to for one in world.mails()] == [[alert.account.email]], "the same, once it is back"


def test_no_alert_near_costs_the_same_however_many_adverts(world: World) -> None:
    with tenant_scope(world.a):
        keep(origin=NANTES, destination="44143")
        keep(origin=FOUGERES, destination=BREST)
    pools = [world.offered()[1] for _one in range(3)]
    costs = []
    for some in (pools[:1], pools):
        with tenant_scope(world.a), CaptureQueriesContext(connection) as captured:
            assert pool_match(some) == 0
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 5
