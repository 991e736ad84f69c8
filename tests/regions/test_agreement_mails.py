"""Administrators are told what another region does with an agreement of theirs, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core import mail
from django.test import TestCase

from core.accounts.services import role_grant
from regions.agreements import services
from regions.agreements.models import Agreement
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.factories import make_account
from tests.regions.agreement_help import administrator, terms


def test_each_act_is_told_to_administrators_of_the_other_regions_only(
    twins: Twins, _database: None
) -> None:
    a, b = twins
    ours, theirs = administrator(a), administrator(b)
    with tenant_scope(b):
        make_account()
        role_grant(account=make_account(), role="administrator", territories=["59"])
        theirs.language = "en"
        theirs.save()

    def told(tenant: Tenant, act: Callable[..., Agreement], **said: Any) -> tuple[Agreement, str]:
        mail.outbox.clear()
        actor = ours if tenant == a else theirs
        with TestCase.captureOnCommitCallbacks(execute=True), tenant_scope(tenant):
            done = act(actor=actor, **said)
        other, reader = (b, theirs) if tenant == a else (a, ours)
        host = other.slug
        sent = {one.to[0]: one for one in mail.outbox}
        assert set(sent) == {reader.email, f"admin@{host}.example.org"}
        one = sent[reader.email]
        whole = f"{one.subject} {one.body} {one.alternatives[0][0]}"  # type: ignore[attr-defined]
        assert f"{host}.localhost" in one.body and str(done.public_id) in one.body
        for name in (actor.first_name, actor.last_name, actor.email):
            assert name not in whole
        return done, one.subject

    made, subject = told(a, services.agreement_propose, terms=terms(), partners=[b.slug])
    assert subject == f"{a.name} proposes an agreement to your region: “{made.title}”"
    words = "La région {} {} la convention « Bretagne – Hauts-de-France »"
    made, subject = told(b, services.agreement_amend, agreement=made, terms=terms(fields=[]))
    expected = f"La région {b.name} propose une autre version de la convention"
    assert subject.replace("\xa0", " ").startswith(expected)
    made, subject = told(a, services.agreement_sign, agreement=made, version=2)
    assert subject.startswith("All regions have signed")
    for act, verb in (
        (services.agreement_suspend, "suspend"),
        (services.agreement_resume, "reprend"),
        (services.agreement_end, "a mis fin à"),
    ):
        made, subject = told(b, act, agreement=made)
        assert subject.replace("\xa0", " ") == words.format(b.name, verb)
    made, _ = told(a, services.agreement_propose, terms=terms(), partners=[b.slug])
    _, subject = told(b, services.agreement_end, agreement=made)
    assert subject.replace("\xa0", " ") == words.format(b.name, "décline")
