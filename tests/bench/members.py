"""What the console's list of a large community's members costs: first page, search, file, acts."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.bench.figures import Figure, Options, below, bench, equal
from tests.bench.served.serving import served

MEMBERS = 5000
ROWS = 50_000
"""Members of the list that one act changes."""
VISITS = 40
SURNAMES = ("Le Goff", "Morvan", "Guérin", "Roux", "Lemoine", "Élie", "Abgrall", "Cozic")


def _fill(tenant: Tenant, members: int) -> tuple[str, str]:
    """Make a community of that size; return its address and the référent's session."""
    from communities.communities.models import Membership
    from core.accounts.services import AccountDraft, accounts_create_verified
    from tests.factories import make_account, make_community

    with tenant_scope(tenant):
        referent = make_account(first_name="Soizic", last_name="Le Goff")
        community = make_community(referent, name="La grande")
        now = timezone.now()
        accounts = accounts_create_verified(
            drafts=[
                AccountDraft(
                    email=f"membre{number}@example.org",
                    first_name=f"Prénom{number % 211}",
                    last_name=SURNAMES[number % len(SURNAMES)],
                    charter_version="1",
                    news=number % 3 == 0,
                )
                for number in range(members)
            ]
        )
        Membership.objects.bulk_create(
            (
                Membership(
                    account=account,
                    community=community,
                    status="pending" if number % 40 == 0 else "accepted",
                    joined_at=now - timedelta(minutes=number),
                    accepted_at=None if number % 40 == 0 else now - timedelta(minutes=number),
                )
                for number, account in enumerate(accounts)
            ),
            batch_size=1000,
        )
        client = Client()
        client.force_login(referent)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"/administration/communautes/{community.slug}/membres/", session


def _p95(port: int, host: str, address: str, session: str, visits: int) -> float:
    """Ask for a page over one connection; the 95th percentile in milliseconds."""
    headers = {"Host": host, "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    for visit in range(visits + 3):
        began = time.perf_counter()
        link.request("GET", address, headers=headers)
        answer = link.getresponse()
        answer.read()
        assert answer.status == 200, (address, answer.status)
        if visit >= 3:  # what a process does once is not what a page costs
            taken.append(time.perf_counter() - began)
    link.close()
    return sorted(taken)[max(0, round(len(taken) * 0.95) - 1)] * 1000


@bench("members")
def members(options: Options) -> Iterator[Figure]:
    """The console's members of a community of 5 000, its search and its file."""
    from tests.factories import provision

    tenant = provision("ouestgo", name="Members", regions=["53"])
    count = options.rows or MEMBERS
    address, session = _fill(tenant, count)
    with served() as port:
        host = "ouestgo.localhost"
        for name, query, visits, limit in (
            ("first page", "", VISITS, 300),
            ("search", "?q=guerin+prenom7", VISITS, 500),
            ("sorted by name, hundred rows", "?tri=nom&lignes=100", VISITS, 800),
            ("CSV of all", "?format=csv", 3, 5000),
            ("XLSX of all", "?format=xlsx", 3, 10_000),
        ):
            taken = _p95(port, host, address + query, session, visits)
            yield below(f"{count} members: {name}, p95", ours=taken, limit=limit, unit="ms")
    yield from _whole_list(options.rows or ROWS)


def _whole_list(rows: int) -> Iterator[Figure]:
    """An act on a whole list, and its undoing, as the background does them."""
    from communities.bulk import running, services
    from communities.bulk.models import BulkAct
    from communities.communities.models import Membership
    from core.audit.models import AuditEntry
    from tenants.tasks import app
    from tests.factories import provision

    # Tasks are a worker's work: what is measured is called here.
    app.conf.update(task_always_eager=False, broker_url="memory://localhost/")
    tenant = provision("passpass", name="Lists", regions=["53"])
    _fill(tenant, rows)
    with tenant_scope(tenant):
        first = Membership.objects.select_related("community", "account").earliest("pk")
        keys = list(Membership.objects.values_list("pk", flat=True))
        told = {"community": first.community, "act": "refused", "by": first.account}
        begun = services.act_begin(**told, keys=keys, reason="Hors du périmètre")
        for name, action, step in (
            ("status changes", "membership.refused", running.act_run),
            ("changes undone", "membership.undone", running.act_run_back),
        ):
            began = time.perf_counter()
            step(begun.pk)
            yield below(f"{rows} {name}", ours=time.perf_counter() - began, limit=60.0)
            lines = AuditEntry.objects.filter(action=action).count()
            yield equal(f"{name} in the history", ours=lines, wanted=rows)
            begun = BulkAct.objects.get(pk=begun.pk)
            if begun.state == "done":
                services.act_undo(act=begun, by=first.account)
        yield equal("people as they were", ours=begun.outcomes["undone"], wanted=rows)
