"""« Import d'usagers » at its largest: fifty thousand rows, read, judged and done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from tests.bench.figures import Figure, Options, below, bench, equal

ROWS = 50_000
KNOWN = 5_000
"""Rows in ten have an account that is no member yet; one in ten is one, one in ten is bad."""
LIMIT_S = 60.0


@bench("import")
def imports(options: Options) -> Iterator[Figure]:
    """A file of 50,000 rows: some with an account, most to invite, one in ten refused."""
    from communities.imports import running, services
    from communities.imports.models import Import, Invitation
    from tenants.context import tenant_scope
    from tenants.tasks import app
    from tests.factories import make_account, make_community, provision

    # Mails and the import's own task are a worker's work: what is measured is called here.
    app.conf.update(task_always_eager=False, broker_url="memory://localhost/")
    rows = options.rows or ROWS
    region = provision("bench", name="Banc", regions=["53", "52"])
    with tenant_scope(region):
        runner = make_account()
        community = make_community(runner)
        known = _accounts(min(KNOWN, rows // 5))
        _members(community, known[: len(known) // 2])
        content = _file(rows, known)
        began = time.perf_counter()
        made = services.import_begin(
            kind="members", community=community, by=runner, file_name="b.csv", content=content
        )
        sent = time.perf_counter()
        services.file_read(made)
        read = time.perf_counter()
        services.import_start(of=made, mode="valid", by=runner)
        running.import_run(made.pk)
        ended = time.perf_counter()
        done = Import.objects.get(pk=made.pk)
        bad = rows // 10
        yield below("file accepted, with its columns", ours=sent - began, limit=10.0)
        yield below("rows read, each with its verdict", ours=read - sent, limit=LIMIT_S / 2)
        yield below("read and imported in the background", ours=ended - sent, limit=LIMIT_S)
        yield equal("rows that ended", ours=done.done, wanted=rows)
        yield equal("rows refused", ours=done.outcomes["refused"], wanted=bad)
        yield equal(
            "people invited", ours=Invitation.objects.count(), wanted=rows - bad - len(known)
        )


def _accounts(count: int) -> list[Any]:
    from core.accounts.services import AccountDraft, accounts_create_verified

    drafts = (
        AccountDraft(email=f"known{n}@example.org", first_name="Zoé", last_name=f"Roy{n}")
        for n in range(count)
    )
    return accounts_create_verified(drafts=drafts)


def _members(community: Any, accounts: list[Any]) -> None:
    from communities.communities.adding import members_add

    members_add(community=community, people={one.pk: "member" for one in accounts}, by=None)


def _file(rows: int, known: list[Any]) -> bytes:
    bad = rows // 10
    lines = [f"{one.email};Zoé;Roy;1" for one in known]
    lines += [f"pas une adresse {n};Zoé;Roy;1" for n in range(bad)]
    lines += [f"new{n}@example.org;Zoé;Le Goff;Membre" for n in range(rows - len(lines))]
    lines = lines[::7] + [one for place, one in enumerate(lines) if place % 7]
    return ("Courriel;Prénom;Nom;Statut\n" + "\n".join(lines)).encode("cp1252")
