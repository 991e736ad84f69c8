"""The border between two regions: the projector brings letters over, if agreements let it.

One transaction takes a letter out of a region's outbox, puts it into its partner's box and
remembers its number: whatever kills it leaves everything as before. No region reads another.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from core.audit.services import record as audit
from regions.agreements.models import Agreement, Pooled
from regions.agreements.queries import reach
from regions.letters.models import Letter
from regions.letters.receivers import RETURNED, receiver_of
from regions.pool.models import RegionCard
from regions.projection.handlers import Event, UselessError
from tenants.context import tenant_scope
from tenants.models import Tenant

logger = logging.getLogger(__name__)


class UnreadableLetterError(UselessError):
    """An event of kind ``letter`` that is none, or of a kind that nobody reads."""


def apply(sender: Tenant, events: Sequence[Event]) -> None:
    """Bring letters over (the projector's handler); those that nothing allows come back."""
    with tenant_scope(sender):
        partners = {one.partner for one in reach("adverts")}
    for event in events:
        _bring(sender, event, partners)


def _bring(sender: Tenant, event: Event, partners: set[int]) -> None:
    to, kind, body = _read(event.payload)
    receiver = receiver_of(kind)
    if receiver is None:
        raise UnreadableLetterError
    reader = Tenant.objects.filter(pk=to, state=Tenant.State.LIVE).first()
    if (
        reader is None
        or reader.pk == sender.pk
        or not (to in partners or (receiver.parting(body) and _parted(sender, reader)))
    ):
        _return(sender, event, to, kind, body)
        return
    card = RegionCard.objects.filter(tenant_id=sender.pk).first()
    name = (card.name if card is not None else sender.name)[:60]
    _put(reader, Letter(sender=sender.pk, sender_name=name, kind=kind, body=body), event)


def _read(payload: dict[str, Any]) -> tuple[int, str, dict[str, Any]]:
    to, kind, body = payload.get("to"), payload.get("kind"), payload.get("body")
    if not isinstance(to, int) or not isinstance(kind, str) or not isinstance(body, dict):
        raise UnreadableLetterError
    if kind == RETURNED:
        raise UnreadableLetterError
    return to, kind, body


def _parted(one: Tenant, other: Tenant) -> bool:
    """Whether an agreement that all signed has bound them: its end may still be told."""
    rows = Agreement.objects.filter(parties__tenant=one, pools__contains=[Pooled.ADVERTS])
    rows = rows.exclude(state=Agreement.State.PROPOSED)
    rows = rows.exclude(parties__signed_version__lt=F("version"))  # declined
    return rows.filter(pk__in=Agreement.objects.filter(parties__tenant=other)).exists()


def _return(sender: Tenant, event: Event, to: int, kind: str, body: dict[str, Any]) -> None:
    """Give a letter back to who wrote it, and say so in that region's history."""
    logger.warning("a letter to region %s was refused: no agreement", to)
    with tenant_scope(sender), transaction.atomic():
        audit(
            actor=None,
            action="letter.refused",
            kind="letter",
            object_id=event.subject,
            note=f"no_agreement: {kind}, {to}",
        )
    back = Letter(sender=to, kind=RETURNED, body={"kind": kind, "body": body})
    _put(sender, back, event)


def _put(reader: Tenant, letter: Letter, event: Event) -> None:
    from regions.letters import tasks

    letter.subject = event.subject
    with tenant_scope(reader), transaction.atomic():
        letter.save(force_insert=True)

    def wake() -> None:
        with tenant_scope(reader):
            tasks.receive.delay()

    transaction.on_commit(wake)
