"""Acts on whole lists: what one click on each would do, thousands at a time, and undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import TestCase
from django.utils import timezone

from communities.bulk import running, services
from communities.bulk.models import BulkAct
from communities.communities import watchers
from communities.communities.consents import consents_held, consents_set
from communities.communities.console.members import _stand
from communities.communities.memberships import membership_refuse
from communities.communities.models import Community, Membership
from communities.communities.moves import ACTS
from communities.communities.undoing import memberships_undo
from core.accounts.services import role_grant
from core.audit.models import AuditEntry
from tenants.errors import PasserelleError
from tests.communities.test_console import as_person as as_person
from tests.communities.test_console import asks, page_of
from tests.communities.test_console import community as community
from tests.communities.test_console import referent as referent
from tests.communities.test_pages import text_of
from tests.factories import make_account, make_community

PAST = timezone.now() - timedelta(days=40)
STANDS: tuple[dict[str, Any], ...] = (
    {"status": "pending"},
    {"status": "pending", "accepted_at": PAST, "through": "domain"},
    {"status": "accepted", "accepted_at": PAST, "through": "added"},
    {"status": "accepted", "accepted_at": PAST, "through": "founder", "role": "moderator"},
    {"status": "accepted", "accepted_at": PAST, "role": "moderator"},
    {"status": "refused", "refused_at": PAST, "reason": "Non", "accepted_at": PAST},
    {"status": "left", "left_at": PAST, "role": "moderator", "accepted_at": PAST},
)
"""Somebody of every kind."""


def peopled(by: Any, *, alone: bool) -> Community:
    """A community with somebody of each kind; ``alone``: of those who run it one is active."""
    found: Community = make_community(by)
    Membership.objects.filter(community=found).delete()
    for place, stand in enumerate(STANDS):
        account = make_account(is_active=not (alone and place == 4))
        made = Membership.objects.create(account=account, community=found, joined_at=PAST, **stand)
        if stand["status"] == "accepted":
            consents_set(membership=made, mails=True, address=place == 2)
    return found


def told(community: Community) -> list[Any]:
    """What rows and history say, without what differs between two communities."""
    rows = Membership.objects.filter(community=community).order_by("pk")
    order = {row.account_id: place for place, row in enumerate(rows)}
    held = consents_held([row.pk for row in rows])
    stands = [
        (
            held.get(row.pk),
            *(row.status, row.role, row.through, row.reason, row.answered_by_id),
            *(one and one > PAST for one in (row.accepted_at, row.refused_at, row.left_at)),
        )
        for row in rows
    ]
    lines = AuditEntry.objects.filter(
        kind="community", object_id=community.pk, subject__isnull=False
    )
    return [
        stands,
        sorted(
            (order[e.subject_id], e.action, str(e.changes), e.note, e.label == community.name)
            for e in lines
        ),
    ]


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_a_whole_list_ends_as_one_click_on_each(referent: Any, act: str, alone: bool) -> None:
    one, many = peopled(referent, alone=alone), peopled(referent, alone=alone)
    batch = uuid.uuid4()
    click = _stand(act, referent, batch, "Hors du périmètre")
    assert click is not None
    for row in Membership.objects.filter(community=one).order_by("pk"):
        try:
            click(row)
        except PasserelleError as error:
            assert error.code in {"last_moderator", "membership_changed"}
    keys = list(Membership.objects.filter(community=many).values_list("pk", flat=True))
    strangers = list(Membership.objects.filter(community=one).values_list("pk", flat=True))
    followed: list[set[uuid.UUID]] = []
    with watchers.WATCHERS.restored(empty=True):
        watchers.register(watchers.Watcher("partners", lambda told: followed.append(set(told))))
        made = services.act_begin(
            community=many,
            act=act,
            keys=[*keys, *strangers],
            by=administrator(referent),
            reason="Hors du périmètre",
        )
    assert made.state == "done" and sum(made.outcomes.values()) == 2 * len(STANDS)
    assert told(many) == told(one)
    assert followed == ([{many.public_id}] if made.outcomes.get("done") else [])
    runs = Membership.objects.filter(community=many, status="accepted", role="moderator")
    assert runs.filter(account__is_active=True).exists()
    memberships_undo(batch=batch, community=one, by=referent)
    with TestCase.captureOnCommitCallbacks(execute=True):
        services.act_undo(act=made, by=referent)
    made.refresh_from_db()
    assert made.state == "undone" and told(many) == told(one)


def administrator(account: Any) -> Any:
    """Let somebody run every community."""
    role_grant(account=account, role="administrator", by=None)
    return account


def test_the_bar_acts_on_every_page_of_the_list(
    as_person: Callable[..., Any], referent: Any, community: Community, monkeypatch: Any
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 5)
    monkeypatch.setattr(running, "CHUNK", 7)
    waiting = [asks(community, last_name=f"Roux{n:02}") for n in range(27)]
    membership_refuse(membership=waiting[0], by=referent)
    client, page = as_person(referent), page_of(community, "membres/")
    shown = text_of(client.get(f"{page}?statut=pending"))
    assert "Sélectionner les 26 résultats" in shown
    sent = {"bulk": "accept", "everyone": "1", "next": f"{page}?statut=pending", "row": "1"}
    asked = client.post(f"{page}modifier/", sent)
    assert "Accepter 26 personnes" in text_of(asked)
    assert Membership.objects.filter(community=community, status="accepted").count() == 1
    with TestCase.captureOnCommitCallbacks() as later:
        begun = client.post(f"{page}modifier/", {**sent, "confirmed": "1"})
    act = BulkAct.objects.get()
    assert "attend son tour" in text_of(client.get(begun["Location"]))
    with TestCase.captureOnCommitCallbacks() as telling:
        for callback in later:
            callback()
    assert client.get(f"{begun['Location']}etat/").json() == {
        "state": "done",
        "busy": False,
        "done": 26,
        "total": 26,
    }
    assert Membership.objects.filter(community=community, status="accepted").count() == 27
    entries = AuditEntry.objects.filter(batch=act.batch)
    assert entries.filter(action="membership.bulk").count() == 1 and entries.count() == 27
    ended = text_of(client.get(begun["Location"]))
    assert "Annuler" in ended and "26" in ended
    assert "modifié de nombreux membres" in text_of(client.get(page_of(community, "historique/")))
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(f"{begun['Location']}annuler/")
    assert "26" in text_of(client.get(begun["Location"]))
    assert Membership.objects.filter(community=community, status="pending").count() == 26
    for callback in telling:
        callback()
    assert mail.outbox == [], "undone in time: there is nothing to tell"


def test_people_are_told_once_and_only_of_what_still_holds(
    referent: Any, community: Community
) -> None:
    people = [asks(community) for _ in range(3)]
    with TestCase.captureOnCommitCallbacks() as telling:
        made = services.act_begin(
            community=community, act="accept", keys=[one.pk for one in people], by=referent
        )
    membership_refuse(membership=people[0], by=referent)
    with TestCase.captureOnCommitCallbacks(execute=True):
        for callback in telling:
            callback()
    assert sorted(m.to[0] for m in mail.outbox) == sorted(one.account.email for one in people[1:])
    running.sweep(timezone.now() + timedelta(minutes=5))
    assert len(mail.outbox) == 2
    with pytest.raises(PasserelleError) as late:
        services.act_undo(act=made, by=referent)
    assert late.value.code == "undo_too_late"


def test_an_act_stops_where_the_community_closes_or_the_right_goes(
    referent: Any, community: Community, monkeypatch: Any
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 0)
    people = [asks(community) for _ in range(3)]
    made = services.act_begin(
        community=community, act="accept", keys=[one.pk for one in people], by=referent
    )
    Community.objects.filter(pk=community.pk).update(is_active=False)
    running.act_run(made.pk)
    made.refresh_from_db()
    assert made.state == "stopped" and not made.targets
    assert Membership.objects.filter(community=community, status="pending").count() == 3
    with pytest.raises(PasserelleError) as closed:
        services.act_begin(community=community, act="accept", keys=[1], by=referent)
    assert closed.value.code == "community_closed"


def test_a_dead_worker_is_taken_over_and_gives_up_after_three(
    referent: Any, community: Community, monkeypatch: Any
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 0)
    made = services.act_begin(
        community=community, act="remove", keys=[asks(community).pk], by=referent
    )
    later = timezone.now()
    for _ in range(3):
        dead = running._claim(made.pk)
        assert dead is not None and running._claim(made.pk) is None
        later += timedelta(minutes=3)
        running.sweep(later)
    assert not running._chunk(dead), "its claim is gone"
    made.refresh_from_db()
    assert made.state == "stopped"
    assert Membership.objects.filter(community=community, status="pending").exists()
