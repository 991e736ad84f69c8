"""Roles that the tables have no column for: who only reads, and whose role ends at a border."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.accounts.services import role_grant
from tenants.context import tenant_scope
from tests.permissions.conftest import Worlds
from tests.permissions.tables import ROWS
from tests.permissions.test_matrix import client_of, send

ROOM = "/administration/communautes/"
LISTS = (
    *(ROOM, f"{ROOM}?format=csv", f"{ROOM}?q=a", f"{ROOM}inactives/", f"{ROOM}supprimees/"),
    *(f"{ROOM}import/", "/administration/", "/administration/recherche/?q=a"),
)


@contextmanager
def granted(worlds: Worlds, role: str, *territories: str) -> Iterator[None]:
    """Give a role to the person who has no tie to anything; the test takes it away."""
    with tenant_scope(worlds.here.tenant):
        role_grant(account=worlds.here.people["other"], role=role, territories=territories)
        yield


@pytest.mark.parametrize("role", ["analyst", "communication"])
def test_who_only_reads_posts_nothing(role: str, worlds: Worlds, db: None) -> None:
    rows = [r for r in ROWS if r.method == "POST" and r.host == "site" and r.path.startswith(ROOM)]
    assert len(rows) > 30
    with granted(worlds, role):
        client = client_of("other", "site", worlds.here, worlds)
        found = {
            str(row): send(
                client, row, worlds.here.path(row.path), worlds.here.sends.get(row.sends)
            ).status_code
            for row in rows
        }
    assert {name: status for name, status in found.items() if status != 404} == {}


def test_a_role_ends_at_the_border_of_its_territory(worlds: Worlds, db: None) -> None:
    rows = [
        row for row in ROWS if row.host == "site" and row.path.startswith(ROOM) and row.placeholders
    ]
    assert len(rows) > 60
    names = [worlds.here.names["community"], worlds.here.names["neighbour"]]
    with granted(worlds, "community_manager", "29"):
        client = client_of("other", "site", worlds.here, worlds)
        found = {
            str(row): send(
                client, row, worlds.here.path(row.path), worlds.here.sends.get(row.sends)
            ).status_code
            for row in rows
        }
        assert {name: status for name, status in found.items() if status != 404} == {}
        for address in LISTS:
            answer = client.get(address)
            assert answer.status_code == 200, address
            told = (b"".join(answer) if answer.streaming else answer.content).decode()
            assert not [name for name in names if f"/{name}/" in told], address
            assert "Atelier des Lices" not in told, address
    with granted(worlds, "community_manager", "35"):
        answer = client_of("other", "site", worlds.here, worlds).get(f"{ROOM}?format=csv")
        assert "Atelier des Lices" in b"".join(answer).decode(), "its twin, within the border"
