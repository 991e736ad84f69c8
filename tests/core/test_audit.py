"""History: written with the act, read in words, and what a deleted account takes with it."""

from __future__ import annotations

import uuid

import pytest
from django.core.paginator import Paginator
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from core.accounts import inventory
from core.accounts.services import account_delete
from core.audit import actions, queries
from core.audit.models import AuditEntry
from core.audit.services import differences, record
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.factories import make_account


def test_a_line_says_who_did_what_and_what_changed(tenant: Tenant) -> None:
    actions.register_fields("thing", name="Nom", colour="Couleur")
    actions.register_values("thing", "colour", red="Rouge")
    actor = make_account(first_name="Odile", last_name="Le Goff")
    changed = differences({"name": "Avant", "colour": "red"}, {"name": "Après", "colour": "red"})
    record(
        actor=actor, action="thing.updated", kind="thing", object_id=7, label="Une", changes=changed
    )
    record(
        actor=None,
        action="thing.painted",
        kind="thing",
        object_id=7,
        changes={"colour": ("", "red"), "name": ("a", "a")},
        note="Plus gai.",
    )
    record(actor=actor, action="thing.updated", kind="thing", object_id=8)
    with translation.override("fr"):
        lines = [queries.line_of(entry) for entry in queries.entries_of("thing", 7)]
        page = render_to_string(
            "audit/history.html", {"lines": lines, "page": Paginator([], 5).get_page(1)}
        )
    assert [line.who for line in lines] == ["La plateforme", "Odile L."]
    assert lines[0].changes == (queries.Change("Couleur", "", "Rouge"),)
    assert lines[1].changes == (queries.Change("Nom", "Avant", "Après"),)
    assert "Plus gai." in page and "thing.painted" in page


def test_a_line_goes_with_an_act_that_fails(tenant: Tenant) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record(actor=None, action="thing.updated", kind="thing", object_id=9)
        raise RuntimeError
    assert not queries.entries_of("thing", 9).exists()


def test_the_lines_of_one_click_are_found_together_by_who_clicked(tenant: Tenant) -> None:
    actor, batch = make_account(), uuid.uuid4()
    for number in range(3):
        record(actor=actor, action="a.b", kind="thing", object_id=number, batch=batch)
    record(actor=actor, action="a.b", kind="thing", object_id=4)
    found = queries.entries_of_batch(batch, actor=actor)
    assert [entry.object_id for entry in found] == ["0", "1", "2"]
    assert not queries.entries_of_batch(batch, actor=make_account()).exists()


def test_deleting_an_account_keeps_that_something_was_done(tenant: Tenant) -> None:
    actor, subject = make_account(), make_account(first_name="Nina", last_name="Roux")
    record(
        actor=actor,
        action="account.suspended",
        kind="account",
        object_id=subject.pk,
        label="Nina Roux",
        subject=subject,
        note="Messages déplacés.",
    )
    told = inventory.export(subject)["history"]
    assert told[0]["about_me"] and not told[0]["by_me"] and told[0]["reason"]
    assert inventory.export(actor)["history"][0]["reason"] == ""
    account_delete(account=subject)
    account_delete(account=actor)
    entry = AuditEntry.objects.get(action="account.suspended")
    assert (entry.label, entry.note, entry.actor, entry.subject) == ("", "", None, None)
    with translation.override("fr"):
        assert queries.line_of(entry).who == "Une personne qui est partie"


def test_history_stays_in_its_region(twins: Twins, tenant: Tenant) -> None:
    record(actor=None, action="a.b", kind="thing", object_id=1)
    with tenant_scope(twins.b):
        assert not queries.entries_of("thing", 1).exists()
