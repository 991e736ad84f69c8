"""« M'alerter »: what an alert finds, how often it writes, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.inventory import sources
from core.accounts.models import Account
from regions.territories.queries import municipalities_get
from rides.adverts.models import Advert
from rides.adverts.services import advert_delete
from rides.search.alerts import (
    MOST,
    address,
    advert_match,
    alert_create,
    alert_tell,
    alerts_due,
    token,
)
from rides.search.errors import SearchError
from rides.search.models import AlertHit, SavedSearch
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account
from tests.rides.situations import (
    FOUGERES,
    MONDAY,
    NANTES,
    RENNES,
    VITRE,
    make_advert,
    once,
    weekly,
)

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.fixture(autouse=True)
def _at_once(settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True


def keep(
    account: Account | None = None, origin: str = RENNES, destination: str = VITRE, **asked: Any
) -> SavedSearch:
    """An alert of someone; every week unless a day is given."""
    places = municipalities_get([origin, destination])
    if "day" not in asked:
        asked.setdefault("regular", True)
    return alert_create(
        account=account or make_account(),
        origin=places[origin],
        destination=places[destination],
        asked=asked,
    )


def test_a_new_advert_that_suits_is_told_by_mail(django_capture_on_commit_callbacks: Any) -> None:
    alert = keep()
    other = keep(origin=NANTES)
    with django_capture_on_commit_callbacks(execute=True):
        advert = make_advert()
    assert list(AlertHit.objects.values_list("alert", "advert", "mailed")) == [
        (alert.pk, advert.pk, True)
    ]
    (letter,) = mail.outbox
    assert letter.to == [alert.account.email]
    assert letter.subject == "Nouvelles annonces : Rennes → Vitré"
    assert f"/annonces/{advert.public_id}/" in letter.body
    assert other.hits.count() == 0


@pytest.mark.parametrize(
    ("asked", "said", "finds"),
    [
        ({"weekdays": [0]}, {"planning": weekly(0)}, True),
        ({"weekdays": [5]}, {"planning": weekly(0)}, False),
        ({"day": MONDAY.isoformat()}, {"planning": once()}, True),
        ({"day": (MONDAY + timedelta(days=1)).isoformat()}, {"planning": once()}, False),
        ({"seats": 3}, {"seats": 2}, False),
        ({}, {"role": "passenger"}, False),
        ({"looking_for": "passengers"}, {"role": "passenger"}, True),
        ({"looking_for": "passengers"}, {"role": "driver"}, False),
        ({"free": True}, {"cents_per_km": 5}, False),
        ({"free": True}, {"cents_per_km": 0}, True),
        ({"at": "07:45:00", "margin_minutes": 15, "side": "around"}, {}, True),
        ({"at": "12:00:00", "margin_minutes": 15, "side": "around"}, {}, False),
    ],
)
def test_an_alert_asks_what_its_search_asked(
    asked: dict[str, Any], said: dict[str, Any], finds: bool
) -> None:
    keep(**asked)
    assert advert_match(make_advert(**said)) == finds


def test_ones_own_adverts_and_those_of_blocked_people_say_nothing() -> None:
    account = make_account()
    keep(account)
    assert advert_match(make_advert(author=account)) == 0
    assert advert_match(make_advert()) == 1


def test_one_mail_a_day_and_the_rest_the_day_after(django_capture_on_commit_callbacks: Any) -> None:
    alert = keep()
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            advert_match(make_advert(planning=weekly(1)), now=now)
    assert len(mail.outbox) == 1
    assert alerts_due(now + timedelta(hours=23)) == []
    assert alerts_due(now + timedelta(hours=25)) == [alert.pk]
    gone = alert.hits.filter(mailed=False).first()
    assert gone is not None
    advert_delete(advert=gone.advert)
    with django_capture_on_commit_callbacks(execute=True):
        assert alert_tell(alert.pk, now=now + timedelta(hours=25))
        assert not alert_tell(alert.pk, now=now + timedelta(hours=25))
    assert len(mail.outbox) == 2
    assert str(gone.advert.public_id) not in mail.outbox[1].body
    assert alerts_due(now + timedelta(days=9)) == []


def test_an_advert_is_told_of_once(django_capture_on_commit_callbacks: Any) -> None:
    alert = keep()
    advert = make_advert()
    for _ in range(2):
        advert_match(advert)
    assert alert.hits.count() == 1


def test_the_same_search_twice_is_one_alert_and_there_are_not_endless_ones() -> None:
    account = make_account()
    assert keep(account) == keep(account)
    for margin in range(1, MOST):
        keep(account, at="08:00:00", margin_minutes=margin)
    with pytest.raises(SearchError, match=r"."):
        keep(account, FOUGERES)
    assert SavedSearch.objects.filter(account=account).count() == MOST


def test_only_alerts_near_the_advert_are_asked() -> None:
    for _ in range(5):
        keep(origin=NANTES, destination="44143")
    advert = make_advert()
    with CaptureQueriesContext(connection) as captured:
        assert advert_match(advert) == 0
    assert len(captured) == 1


def test_from_an_empty_search_to_an_alert_and_its_end(
    client_for: Callable[..., StrictClient], tenant: Tenant
) -> None:
    account = make_account()
    client = client_for(tenant, account)
    page = client.get(f"/recherche/?origin_code={RENNES}&destination_code={FOUGERES}&date={MONDAY}")
    html = page.content.decode()
    form = html[html.index('action="/recherche/alertes/creer/"') :]
    assert "M’alerter" in form
    fields = dict(
        re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.partition("</form>")[0])
    )
    for _ in range(2):
        assert client.post("/recherche/alertes/creer/", fields).status_code == 302
    alert = SavedSearch.objects.get(account=account)
    assert (alert.origin_code, alert.destination_code, alert.last_day) == (RENNES, FOUGERES, MONDAY)
    words = client.get("/recherche/alertes/").content.decode()
    assert "Rennes → Fougères" in words
    assert client.get(address(alert)).status_code == 200
    gone = client.post(f"/recherche/alertes/{alert.public_id}/supprimer/")
    assert "Alerte supprimée" in client.get(gone["Location"]).content.decode()
    assert not SavedSearch.objects.get().is_active
    client.post(f"/recherche/alertes/{alert.public_id}/retablir/")
    assert SavedSearch.objects.get().is_active


def test_the_link_of_a_mail_shows_then_ends(client: StrictClient) -> None:
    alert = keep()
    path = f"/recherche/alertes/arreter/{token(alert)}/"
    assert "Arrêter cette alerte" in client.get(path).content.decode()
    assert SavedSearch.objects.get().is_active
    assert "Cette alerte est arrêtée" in client.post(path).content.decode()
    assert not SavedSearch.objects.get().is_active
    assert client.get("/recherche/alertes/arreter/x/").status_code == 404


def test_an_export_holds_ones_alerts() -> None:
    alert = keep()
    advert_match(make_advert())
    source = next(one for one in sources() if one.name == "alerts")
    (exported,) = source.export(alert.account)
    assert exported["origin"] == RENNES
    assert len(exported["found"]) == 1
    assert source.summary(alert.account)
    assert Advert.objects.count() == 1
