"""« Annonces masquées » and « Membres cachés »: hidden on every surface, one test each.

Each surface shows the advert to a member of the community, and to everyone once nothing is hidden:
a surface that showed nothing to anyone would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.communities.models import Community
from communities.communities.services import (
    community_change,
    membership_join,
    membership_leave,
)
from regions.territories.queries import municipalities_get
from rides.adverts.inputs import Place
from rides.adverts.lines import line_stops_set
from rides.adverts.models import Advert
from rides.search.alerts import advert_match, alert_create, alert_tell
from rides.search.models import AlertHit
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account, make_community
from tests.rides.situations import CESSON, MONDAY, RENNES, VITRE, make_advert

Look = Callable[[Any], str]
"""What a surface says to an account, or to a visitor."""


@dataclass(slots=True)
class Scene:
    """A line whose member publishes there."""

    community: Community
    advert: Advert
    author: Any
    fellow: Any
    stranger: Any
    client_for: Callable[[Any], StrictClient]

    def set(self, **flags: bool) -> None:
        self.community = community_change(community=self.community, by=None, **flags)  # type: ignore[arg-type]

    def get(self, path: str, reader: Any) -> str:
        answer = self.client_for(reader).get(path)
        return answer.content.decode() if answer.status_code == 200 else ""


@pytest.fixture
def scene(tenant: Tenant, client_for: Callable[..., StrictClient]) -> Scene:
    author = make_account(first_name="Gwenola", last_name="Kerbrat")
    fellow, stranger = make_account(), make_account()
    community = make_community(name="Ligne cachée", kind="line")
    for one in (author, fellow):
        membership_join(account=one, community=community)
    line_stops_set(community=community, stops=[Place(CESSON), Place(VITRE)])
    advert = make_advert(author=author, communities=[community])
    return Scene(
        community, advert, author, fellow, stranger, lambda reader: client_for(tenant, reader)
    )


SEARCH = f"origin_code={RENNES}&destination_code={VITRE}&date={MONDAY}"
PATHS = {
    "search page": f"/recherche/?{SEARCH}",
    "map of the search": f"/recherche/?{SEARCH}&vue=carte",
    "weekly search": f"/recherche/?origin_code={RENNES}&destination_code={VITRE}&regular=on",
    "search API": f"/api/v1/search/?origin={RENNES}&destination={VITRE}&date={MONDAY}",
    "list of adverts (API)": "/api/v1/adverts/",
    "one advert (API)": "/api/v1/adverts/{advert}/",
    "page of the advert": "/annonces/{advert}/",
    "community page": "/communautes/ligne-cachee/?onglet=annonces",
    "map of the community": "/annonces/communaute/ligne-cachee/carte.json",
    "next passages of the line": "/communautes/ligne-cachee/?onglet=passages",
    "home page": "/",
    "booking form": "/reservations/nouvelle/{advert}/",
    "first message": "/messages/nouveau/{advert}/",
}
MEMBERS_ONLY = {"booking form", "first message"}
VISITORS_ONLY = {"home page"}


@pytest.mark.parametrize("surface", sorted(PATHS))
def test_hidden_adverts_are_hidden_here(surface: str, scene: Scene) -> None:
    path = PATHS[surface].format(advert=scene.advert.public_id)
    mark = str(scene.advert.public_id)
    readers = [scene.stranger] if surface in MEMBERS_ONLY else [None, scene.stranger]
    readers = [None] if surface in VISITORS_ONLY else readers
    for reader in readers:
        assert mark in scene.get(path, reader), "nothing to hide"
    scene.set(adverts_hidden=True)
    for reader in readers:
        assert mark not in scene.get(path, reader)
    if surface not in VISITORS_ONLY:
        assert mark in scene.get(path, scene.fellow)


def test_hidden_adverts_are_not_in_alerts_nor_their_mails(
    scene: Scene, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    places = municipalities_get([RENNES, VITRE])
    alerts = [
        alert_create(
            account=reader,
            origin=places[RENNES],
            destination=places[VITRE],
            asked={"regular": True},
        )
        for reader in (scene.stranger, scene.fellow)
    ]
    scene.set(adverts_hidden=True)
    with django_capture_on_commit_callbacks(execute=True):
        advert_match(scene.advert)
    assert [hit.alert for hit in AlertHit.objects.all()] == [alerts[1]]
    assert [one.to for one in mail.outbox] == [[scene.fellow.email]]
    # Found before, hidden since: the mail of the day after says nothing of it.
    AlertHit.objects.create(alert=alerts[0], advert=scene.advert)
    assert not alert_tell(alerts[0].pk)


def test_an_advert_of_two_communities_is_hidden_from_the_members_of_the_open_one(
    scene: Scene,
) -> None:
    open_one = make_community(name="Communauté ouverte")
    for one in (scene.author, scene.stranger):
        membership_join(account=one, community=open_one)
    both = str(make_advert(author=scene.author, communities=[scene.community, open_one]).public_id)
    page = "/communautes/communaute-ouverte/?onglet=annonces"
    assert both in scene.get(page, scene.stranger)
    scene.set(adverts_hidden=True)
    assert both not in scene.get(page, scene.stranger)
    assert both in scene.get(page, scene.author)


def test_leaving_shows_to_nobody_what_was_hidden(scene: Scene) -> None:
    scene.set(adverts_hidden=True)
    membership_leave(account=scene.author, community=scene.community)
    path = f"/annonces/{scene.advert.public_id}/"
    for reader in (None, scene.stranger, scene.fellow):
        assert not scene.get(path, reader)
        assert "Gwenola" not in scene.get(PATHS["search page"], reader)
    assert "Personne d’autre que vous ne voit cette annonce" in scene.get(path, scene.author)


def test_authors_are_told_who_sees_their_advert(scene: Scene) -> None:
    path = f"/annonces/{scene.advert.public_id}/"
    words = "les membres de Ligne cachée"
    assert words not in scene.get(path, scene.author)
    scene.set(adverts_hidden=True)
    assert words in scene.get(path, scene.author)
    assert words not in scene.get(path, scene.fellow)


def test_hiding_costs_no_statement_more(scene: Scene) -> None:
    client = scene.client_for(scene.stranger)
    make_advert()  # somebody else's: with nothing found, a search asks once more, wider
    client.get(PATHS["search page"])
    with CaptureQueriesContext(connection) as before:
        client.get(PATHS["search page"])
    for _ in range(3):
        make_advert(author=scene.author, communities=[scene.community])
    scene.set(adverts_hidden=True)
    with CaptureQueriesContext(connection) as after:
        client.get(PATHS["search page"])
    assert len(after) <= len(before)


# --- « Membres cachés » -------------------------------------------------------------------------
MEMBERS = {
    "members page": ("/communautes/ligne-cachee/?onglet=membres", "Liste des membres"),
    "latest members": ("/communautes/ligne-cachee/?onglet=annonces", "Ils nous ont rejoints"),
    "search page": (PATHS["search page"], "Ligne cachée"),
    "search API": (PATHS["search API"], "ligne-cachee"),
    "page of the advert": ("/annonces/{advert}/", "Ligne cachée"),
    "adverts API": ("/api/v1/adverts/", "ligne-cachee"),
}


@pytest.mark.parametrize("surface", sorted(MEMBERS))
def test_hidden_members_are_hidden_here(surface: str, scene: Scene) -> None:
    path, mark = MEMBERS[surface]
    path = path.format(advert=scene.advert.public_id)
    other = make_account()
    membership_join(account=other, community=scene.community)
    # A member's own filters name their communities.
    readers = (scene.stranger,) if surface == "search page" else (scene.stranger, other)
    for reader in readers:
        assert mark in scene.get(path, reader), "nothing to hide"
    scene.set(members_hidden=True)
    for reader in readers:
        shown = scene.get(path, reader)
        assert shown
        assert mark not in shown


def test_counts_stay_true_whatever_is_hidden(scene: Scene) -> None:
    scene.set(members_hidden=True, adverts_hidden=True)
    page = scene.get("/communautes/ligne-cachee/", None)
    assert "3\u00a0membres" in page or "3 membres" in page
    api = scene.client_for(None).get("/api/v1/communities/ligne-cachee/").json()
    assert api["members_count"] == 3
    assert (api["members_hidden"], api["adverts_hidden"]) == (True, True)
