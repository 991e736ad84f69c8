"""What regions may read of each other is kept ready by the database: never other than agreed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connections, transaction

from regions.agreements import services
from regions.agreements.models import Agreement, Field, Party, Pooled, Term
from regions.agreements.queries import reach
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.regions.agreement_help import administrator, agree

DAY = date(2026, 3, 1)
WORLDS = 40


def told() -> set[tuple[Any, ...]]:
    """Each pair, thing and day on which something is told: its fields and départements."""
    rows = set()
    for term in Term.objects.all():
        for days in range(40):
            day = DAY + timedelta(days=days)
            if term.since <= day and (term.until is None or day < term.until):
                where = None if term.departments is None else frozenset(term.departments)
                pair = (term.asker_id, term.partner_id)
                rows.add((*pair, term.what, day, frozenset(term.fields), where))
    return rows


def agreed() -> set[tuple[Any, ...]]:
    """The same, from the agreements themselves, one day after the other."""
    rows = set()
    made = list(Agreement.objects.filter(state="in_force").prefetch_related("parties"))
    parties = {one.pk: {party.tenant_id for party in one.parties.all()} for one in made}
    regions = set().union(*parties.values())
    for days in range(40):
        day = DAY + timedelta(days=days)
        for what in Pooled.values:
            for asker in regions:
                for partner in regions - {asker}:
                    holding = [
                        one
                        for one in made
                        if {asker, partner} <= parties[one.pk]
                        and what in one.pools
                        and one.starts_on <= day
                        and (one.ends_on is None or day <= one.ends_on)
                    ]
                    if not holding:
                        continue
                    fields = frozenset.intersection(*(frozenset(one.fields) for one in holding))
                    bounds = [frozenset(one.departments) for one in holding if one.departments]
                    where = frozenset.intersection(*bounds) if bounds else None
                    rows.add((asker, partner, what, day, fields, where))
    return rows


def write(draw: random.Random, regions: list[int]) -> None:
    """Any agreement: also those that no form accepts."""
    starts = DAY + timedelta(days=draw.randrange(-10, 30))
    one = Agreement.objects.create(
        title="Essai",
        purpose="Essayer.",
        pools=draw.sample(Pooled.values, draw.randint(1, 3)),
        fields=draw.sample(Field.values, draw.randint(0, 4)),
        departments=draw.sample(["22", "35", "59", "62"], draw.choice([0, 0, 1, 2, 3])),
        state=draw.choice(["in_force", "in_force", "in_force", "proposed", "suspended", "ended"]),
        starts_on=starts,
        ends_on=draw.choice([None, starts, starts + timedelta(days=draw.randrange(20))]),
    )
    Party.objects.bulk_create(
        Party(agreement=one, tenant_id=pk) for pk in draw.sample(regions, draw.randint(2, 4))
    )


def test_what_is_kept_is_what_is_agreed_whatever_is_written(_database: None) -> None:
    draw = random.Random(5)
    with platform_scope(reason="a test"):
        regions = [
            Tenant.objects.create(slug=f"r-{n}", schema_name=f"t_r_{n}", name=f"R{n}").pk
            for n in range(4)
        ]
        days = 0
        for _ in range(WORLDS):
            Agreement.objects.all().delete()
            assert not Term.objects.exists()
            for _ in range(draw.randint(1, 5)):
                write(draw, regions)
            assert told() == agreed()
            days += len(told())
            changed = draw.choice(list(Agreement.objects.all()))
            changed.state, changed.fields = "in_force", ["moderators"]
            changed.save()
            assert told() == agreed()
            Party.objects.filter(tenant_id=draw.choice(regions)).delete()
            assert told() == agreed()
        assert days > 100 * WORLDS  # something is told in most worlds


def test_agreements_that_change_at_the_same_moment_are_all_kept(
    committed_regions: Callable[..., Tenant],
) -> None:
    a, b, c = (committed_regions(name) for name in ("une", "deux", "trois"))
    agree(a, b)
    other = agree(a, c)
    actor = administrator(c)
    failed: list[BaseException] = []

    def suspend() -> None:
        try:
            with tenant_scope(c):
                services.agreement_suspend(agreement=other, actor=actor)
        except BaseException as error:  # shown below: a thread's own would be lost
            failed.append(error)
        finally:
            for one in connections.all():
                one.close()

    thread = threading.Thread(target=suspend)
    with platform_scope(reason="an act that takes its time"), transaction.atomic():
        Agreement.objects.exclude(pk=other.pk).update(fields=[])
        thread.start()
        thread.join(1)
        assert thread.is_alive()  # waits its turn
    thread.join(30)
    assert failed == []
    with tenant_scope(a):
        assert [(one.partner, one.fields) for one in reach("adverts")] == [(b.pk, [])]
