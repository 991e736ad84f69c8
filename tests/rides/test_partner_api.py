"""The search API and partners' rides: the page's own list, and what agreements tell, no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regions.agreements.services import agreement_suspend
from regions.projection.projector import drain
from rides.adverts.models import Advert
from rides.pooling.models import SharedAdvert, pooling_switch
from rides.search.alerts import pool_match
from tenants.context import tenant_scope
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account
from tests.permissions.world import partner_logo
from tests.regions.agreement_help import administrator, agree
from tests.rides.situations import RENNES, VITRE, make_advert, weekly
from tests.rides.test_alerts import keep
from tests.rides.test_pooling import offered

PAGE = f"/recherche/?origin_code={RENNES}&destination_code={VITRE}&regular=on&weekdays=1"
ASKED = f"/api/v1/search/?origin={RENNES}&destination={VITRE}&regular=true&weekdays=0&time=07:40"


@pytest.fixture
def pair(twins: Twins, _database: None) -> Twins:
    for tenant in twins:
        with tenant_scope(tenant):
            pooling_switch(enabled=True)
    return twins


def rides(client: StrictClient, address: str = ASKED) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


def test_partners_rides_stand_in_one_list_sorted_and_paged(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    agree(*pair, fields=["contribution"])
    with tenant_scope(pair.a):
        for minute in (20, 45):
            make_advert(planning=weekly(0, at=time(7, minute), back=None))
    author = None
    for minute in (30, 50):
        with tenant_scope(pair.b):
            author = make_account(first_name="Ludivine", last_name="Delattre")
        slot = weekly(0, at=time(7, minute), back=None)
        offered(pair.b, author=author, planning=slot, comment="Devant la mairie")
    client = client_for(pair.a)
    found = rides(client, f"{ASKED}&sort=time")
    assert [one["time"] for one in found] == ["07:20:00", "07:30:00", "07:45:00", "07:50:00"]
    assert [bool(one["region"]) for one in found] == [False, True, False, True]
    cut = [rides(client, f"{ASKED}&sort=time&page_size=2&page={page}") for page in (1, 2, 3)]
    assert [one for part in cut for one in part] == found
    costs = [one["cost"] for one in rides(client)]
    assert costs == sorted(costs) and len(costs) == 4
    partner = found[1]
    assert partner["region"]["name"] == "Beta"
    assert partner["region"]["accent"].startswith("#") and partner["region"]["logo"] is None
    told = partner["advert"]
    assert (told["author"], told["status"], told["comment"]) == ("Membre de Beta", "partner", "")
    assert told["cents_per_km"] and told["price_cents"] and told["wheelchair"] is None
    assert (told["communities"], told["published_at"]) == ([], None)
    assert client.get(told["url"]).status_code == 200
    with tenant_scope(pair.b):
        homes = {str(key) for key in Advert.objects.values_list("public_id", flat=True)}
    assert not homes & {one["advert"]["id"] for one in found}
    words = client.get(ASKED).content.decode()
    assert not [word for word in ("Ludivine", "Delattre", "Devant") if word in words]
    with_logo = f"/regions-partenaires/{partner_logo(pair.b)}/logo/"
    assert with_logo in {one["region"]["logo"] for one in rides(client) if one["region"]}
    own = found[0]["advert"]
    assert own == client.get(f"/api/v1/adverts/{own['id']}/").json(), "told as everywhere"


def test_no_query_for_each_partners_ride(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    agree(*pair)
    client = client_for(pair.a)
    counts = []
    for _round in range(2):
        offered(pair.b)
        client.get(ASKED)
        with CaptureQueriesContext(connection) as captured:
            rides(client)
        counts.append(len(captured))
    assert counts[0] == counts[1]


MINE = "/compte/ou-circulent-mes-donnees/"


@pytest.mark.parametrize(
    "button", ["{advert}/retirer/", "regions/alpha/retirer/", "refuser/", "suspension"]
)
def test_what_is_taken_back_is_gone_from_every_surface_at_the_next_read(
    pair: Twins, client_for: Callable[..., StrictClient], button: str
) -> None:
    """« Où circulent mes données »: of one advert, from one region, of all; or the agreement's."""
    made = agree(*pair)
    advert = offered(pair.b)
    with tenant_scope(pair.b):
        pool_id = SharedAdvert.objects.get().pool_id
    with tenant_scope(pair.a):
        alert = keep()
        assert pool_match([pool_id]) == 1
    reader = client_for(pair.a, alert.account)
    surfaces = {
        "list": PAGE,
        "map": f"{PAGE}&vue=carte",
        "API": ASKED,
        "its page": f"/recherche/via/{pool_id}/",
        "alerts": "/recherche/alertes/",
    }

    def shown() -> set[str]:
        return {name for name, path in surfaces.items() if "Via Beta" in _words(reader, path)}

    assert shown() == set(surfaces)
    if button == "suspension":
        with tenant_scope(pair.b):
            agreement_suspend(agreement=made, actor=administrator(pair.b))
    else:
        path = f"{MINE}{button.format(advert=advert.public_id)}"
        assert client_for(pair.b, advert.author).post(path).status_code == 302
        drain(pair.b)
    assert shown() == set()
    assert reader.get(surfaces["its page"]).status_code == 404


def _words(reader: StrictClient, path: str) -> str:
    """What a surface says; the API's « name » as pages write it."""
    return reader.get(path).content.decode().replace('"name":"Beta"', "Via Beta")
