"""Lines: stops in order, adverts that follow them, the next passages on the community's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.communities.services import membership_join
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import Place, RideKey
from rides.adverts.lines import LineStop, line_stops_set, next_passages
from rides.adverts.services import ride_change
from rides.matching.timing import instant, wall_clock
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account, make_community
from tests.rides.situations import (
    CESSON,
    EVENING,
    MONDAY,
    MORNING,
    RENNES,
    VITRE,
    make_advert,
    weekly,
)
from tests.rides.test_wizard import PUBLISH

PARIS = "Europe/Paris"


@pytest.fixture
def line(tenant: Tenant) -> Any:
    """Rennes, Cesson-Sévigné, Vitré."""
    community = make_community(name="Ligne Rennes – Vitré", kind="line")
    line_stops_set(community=community, stops=[Place(RENNES, "Gare"), Place(CESSON), Place(VITRE)])
    return community


def on_the_line(line: Any, **said: Any) -> Any:
    """An advert of a member that passes at the three stops."""
    author = make_account()
    membership_join(account=author, community=line)
    said.setdefault("stops", [Place(CESSON)])
    return make_advert(author=author, communities=[line], **said)


def test_a_referent_puts_the_stops_in_order(
    line: Any, client_for: Callable[..., StrictClient], tenant: Tenant
) -> None:
    address = f"/annonces/lignes/{line.slug}/arrets/"
    referent = client_for(tenant, line.created_by)
    member = make_account()
    membership_join(account=member, community=line)
    assert client_for(tenant, member).get(address).status_code == 404
    assert address in referent.get(line.get_absolute_url()).content.decode()
    assert address not in client_for(tenant, member).get(line.get_absolute_url()).content.decode()
    rows = {"stops": "3"}
    towns = [("Rennes", RENNES), ("Cesson-Sévigné", CESSON), ("Vitré", VITRE)]
    for row, (name, code) in enumerate(towns):
        rows |= {f"stop_{row}": f"{name} (35)", f"stop_{row}_code": code}
    page = referent.post(address, {**rows, "go": "raise-3"}).content.decode()
    assert page.index("Vitré (35)") < page.index("Cesson-Sévigné (35)")
    page = referent.post(address, {**rows, "go": "lower-1"}).content.decode()
    assert page.index("Cesson-Sévigné (35)") < page.index("Rennes (35)")
    assert 'name="stop_3"' in referent.post(address, {**rows, "go": "add"}).content.decode()
    assert (
        'name="stop_2"' not in referent.post(address, {**rows, "go": "remove-2"}).content.decode()
    )
    assert [stop.code for stop in LineStop.objects.all()] == [RENNES, CESSON, VITRE]
    assert referent.post(address, {"stops": "1", "stop_0": "Nulle part"}).status_code == 422
    for row, (name, code) in enumerate(reversed(towns)):
        rows |= {f"stop_{row}": f"{name} (35)", f"stop_{row}_code": code}
    assert referent.post(address, {**rows, "go": "save"}).status_code == 302
    assert [stop.code for stop in LineStop.objects.all()] == [VITRE, CESSON, RENNES]


def test_only_a_line_has_stops_from_two_to_ten(line: Any, tenant: Tenant) -> None:
    other = make_community()
    for community, stops, field in (
        (other, [Place(RENNES), Place(VITRE)], "stops"),
        (line, [Place(RENNES)], "stops"),
        (line, [Place(RENNES)] * 11, "stops"),
        (line, [Place(RENNES), Place("00000")], "stops.1"),
    ):
        with pytest.raises(AdvertError) as caught:
            line_stops_set(community=community, stops=stops)
        assert list(caught.value.fields) == [field]
    assert [stop.label for stop in line.line_stops.all()] == [
        "Rennes, Gare", "Cesson-Sévigné", "Vitré"
    ]  # fmt: skip
    line_stops_set(community=line, stops=[Place(VITRE), Place(RENNES)])
    assert [stop.position for stop in line.line_stops.all()] == [1, 2]


def test_the_next_passages_in_both_directions(line: Any) -> None:
    advert = on_the_line(line, planning=weekly(0, 1))
    now = instant(MONDAY, time(5), PARIS)
    boards = next_passages(line, list(LineStop.objects.order_by("position")), now)
    first, second, third = ([one.at for one in board.passages] for board in boards)
    assert [f"{at:%d %H:%M}" for at in first[:1]] == [f"{MONDAY:%d} 07:40"]
    # Between departure and arrival, later and later; on the way back the other way round.
    there, back = second[0], second[1]
    assert first[0] < there
    assert wall_clock(there, PARIS).time() > MORNING
    assert third[0].time() == EVENING
    assert back > third[0]
    assert len(first) == 2  # where the way back ends, nobody is picked up
    assert boards[1].passages[1].towards == "Rennes"
    ride_change(advert=advert, ride=RideKey(MONDAY, False, MORNING), at=None, now=now)
    boards = next_passages(line, list(LineStop.objects.order_by("position")), now)
    assert boards[0].passages[0].at.date() == MONDAY + timedelta(days=1)


def test_an_advert_elsewhere_does_not_pass(line: Any) -> None:
    on_the_line(line, origin="29019", destination="29232", stops=[])
    boards = next_passages(line, list(LineStop.objects.all()), instant(MONDAY, time(5), PARIS))
    assert [board.passages for board in boards] == [[], [], []]


def test_the_page_of_a_line_shows_them(line: Any, client: StrictClient) -> None:
    page = f"/communautes/{line.slug}/?onglet=passages"
    assert "Personne ne passe ici" in client.get(page).content.decode()
    on_the_line(line, planning=weekly(*range(7)))
    html = client.get(page).content.decode()
    assert "Prochains passages" in html
    assert "vers Vitré" in html
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            client.get(page)
        counts.append(len(seen))
        on_the_line(line)
    assert counts[0] == counts[1]
    other = make_community()
    assert "Prochains passages" not in client.get(f"/communautes/{other.slug}/").content.decode()


def test_following_a_line_fills_the_route(
    line: Any, client_for: Callable[..., StrictClient], tenant: Tenant
) -> None:
    author = make_account()
    membership_join(account=author, community=line)
    mine = client_for(tenant, author)
    mine.post(f"{PUBLISH}?community={line.slug}", {"role": "driver"})
    html = mine.get(f"{PUBLISH}trajet/").content.decode()
    for kept in ('value="Rennes (35)"', 'value="Gare"', 'value="Cesson-Sévigné (35)"',
                 'value="Vitré (35)"'):  # fmt: skip
        assert kept in html
    assert re.search(rf'name="communities" value="{line.pk}"[^>]*checked', html)
