"""The acts of a region on its agreements: proposed, signed by all, suspended, resumed, ended.

Each is done by the current region, under the agreement's lock, and logged; the region's own history
says which person did it. What is refused is in that history too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from core.audit.services import record as audit
from regions.agreements import tasks
from regions.agreements.errors import AgreementError
from regions.agreements.inputs import Terms, checked_partners, checked_terms
from regions.agreements.models import Act, Agreement, Party, paris_today
from regions.agreements.notices import Said
from tenants.context import current_tenant, platform_scope
from tenants.models import Tenant

REASON: Final = "a region acts on its own agreements"


def agreement_propose(*, actor: Account, terms: Terms, partners: list[str]) -> Agreement:
    """Propose an agreement to other regions (their short names), signed by the current one.

    Raises ``AgreementError`` (``invalid_agreement``) with what is wrong by field.
    """
    region = current_tenant()
    with _audited(actor, "agreement.proposed") as said, transaction.atomic():
        with platform_scope(reason=REASON):
            others = checked_partners(region, partners)
            checked_terms(terms)
            agreement = Agreement.objects.create(**terms.columns())
            Party.objects.bulk_create(
                Party(agreement=agreement, tenant_id=tenant.pk) for tenant in (region, *others)
            )
            tell = _log(agreement, region, Act.What.PROPOSED, content=terms.as_json())
            _sign(agreement, region)
            tasks.tell.enqueue(act=tell.pk, said=Said.PROPOSED)
        said.append(agreement)
    return agreement


def agreement_amend(*, agreement: Agreement, actor: Account, terms: Terms) -> Agreement:
    """Propose another version of an agreement that is not in force yet; all sign again.

    Raises ``AgreementError``: ``invalid_agreement``, ``wrong_state``.
    """
    with _act(agreement, actor, "agreement.amended", (Agreement.State.PROPOSED,)) as (row, party):
        checked_terms(terms)
        for name, value in terms.columns().items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        tell = _log(row, party.tenant, Act.What.AMENDED, content=terms.as_json())
        _sign(row, party.tenant)
        tasks.tell.enqueue(act=tell.pk, said=Said.AMENDED)
    return row


def agreement_sign(*, agreement: Agreement, actor: Account, version: int) -> Agreement:
    """Sign the version that was read; in force once all have.

    Raises ``AgreementError``: ``version_changed``, ``already_signed``, ``dates_over``,
    ``wrong_state``.
    """
    with _act(agreement, actor, "agreement.signed", (Agreement.State.PROPOSED,)) as (row, party):
        if version != row.version:
            raise AgreementError(
                _("Another version has been proposed meanwhile: read it before you sign."),
                code="version_changed",
            )
        if party.signed_version == row.version:
            raise AgreementError(
                _("Your region has signed this version already."), code="already_signed"
            )
        if row.ends_on is not None and row.ends_on < paris_today():
            raise AgreementError(
                _("Its last day is past: propose another version, with other dates."),
                code="dates_over",
            )
        act = _sign(row, party.tenant)
        complete = row.state == Agreement.State.IN_FORCE
        tasks.tell.enqueue(act=act.pk, said=Said.IN_FORCE if complete else Said.SIGNED)
    return row


def agreement_suspend(*, agreement: Agreement, actor: Account, note: str = "") -> Agreement:
    """Suspend at once: from the commit on, nobody reads anything under the agreement."""
    states = (Agreement.State.IN_FORCE, Agreement.State.SUSPENDED)
    with _act(agreement, actor, "agreement.suspended", states) as (row, party):
        if party.suspended_at is None:
            party.suspended_at = timezone.now()
            party.save(update_fields=["suspended_at"])
            _state(row, Agreement.State.SUSPENDED)
            act = _log(row, party.tenant, Act.What.SUSPENDED, note=note)
            tasks.tell.enqueue(act=act.pk, said=Said.SUSPENDED)
    return row


def agreement_resume(*, agreement: Agreement, actor: Account) -> Agreement:
    """Take one's own suspension back; in force again once no party suspends.

    Raises ``AgreementError``: ``not_yours_to_resume``, ``wrong_state``.
    """
    with _act(agreement, actor, "agreement.resumed", (Agreement.State.SUSPENDED,)) as (row, party):
        if party.suspended_at is None:
            raise AgreementError(
                _("Another region has suspended this agreement, and alone can resume it."),
                code="not_yours_to_resume",
            )
        party.suspended_at = None
        party.save(update_fields=["suspended_at"])
        act = _log(row, party.tenant, Act.What.RESUMED)
        alone = not row.parties.filter(suspended_at__isnull=False).exists()
        if alone:
            _state(row, Agreement.State.IN_FORCE)
        tasks.tell.enqueue(act=act.pk, said=Said.RESUMED if alone else Said.RESUMED_ALONE)
    return row


def agreement_end(*, agreement: Agreement, actor: Account, note: str = "") -> Agreement:
    """End an agreement for good; one that is proposed is declined, or withdrawn by its author."""
    states = (Agreement.State.PROPOSED, Agreement.State.IN_FORCE, Agreement.State.SUSPENDED)
    with _act(agreement, actor, "agreement.ended", states) as (row, party):
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        _state(row, Agreement.State.ENDED)
        act = _log(row, party.tenant, Act.What.ENDED, note=note)
        tasks.tell.enqueue(act=act.pk, said=_ended(row))
    return row


def agreements_lapse(now: datetime | None = None) -> int:
    """End those whose last day is over; returns how many. Needs the platform's scope."""
    now = now or timezone.now()
    today = paris_today(now)
    ended = 0
    with transaction.atomic():
        rows = Agreement.objects.select_for_update().filter(ends_on__lt=today)
        for row in rows.exclude(state=Agreement.State.ENDED):
            row.ended_at = now
            row.save(update_fields=["ended_at"])
            _state(row, Agreement.State.ENDED)
            act = _log(row, None, Act.What.LAPSED)
            tasks.tell.enqueue(act=act.pk, said=Said.LAPSED if row.all_signed else Said.UNSIGNED)
            ended += 1
    return ended


def _sign(agreement: Agreement, region: Tenant) -> Act:
    """Note the signature; the last one brings the agreement into force."""
    Party.objects.filter(agreement=agreement, tenant=region).update(
        signed_version=agreement.version, signed_at=timezone.now()
    )
    act = _log(agreement, region, Act.What.SIGNED)
    if not agreement.parties.exclude(signed_version=agreement.version).exists():
        _state(agreement, Agreement.State.IN_FORCE)
    return act


def _ended(agreement: Agreement) -> Said:
    """What was done by ending it, for mails and for history."""
    stage = agreement.stage
    return {
        Agreement.Stage.DECLINED: Said.DECLINED,
        Agreement.Stage.WITHDRAWN: Said.WITHDRAWN,
    }.get(stage, Said.ENDED)


def _state(agreement: Agreement, state: Agreement.State) -> None:
    """Change the state, and let every party act upon it once that is committed."""
    agreement.state = state
    agreement.save(update_fields=["state"])
    slugs = list(agreement.parties.values_list("tenant__slug", flat=True))
    tasks.take_effect.enqueue(slugs=slugs)


def _log(
    agreement: Agreement,
    region: Tenant | None,
    what: Act.What,
    *,
    note: str = "",
    content: dict[str, object] | None = None,
) -> Act:
    return Act.objects.create(
        agreement=agreement,
        tenant_id=region.pk if region is not None else None,
        what=what,
        version=agreement.version,
        note=note.strip()[:300],
        content=content or {},
    )


@contextmanager
def _act(
    agreement: Agreement, actor: Account, action: str, states: tuple[Agreement.State, ...]
) -> Iterator[tuple[Agreement, Party]]:
    """Lock the agreement for an act of the current region, which must be a party to it."""
    region = current_tenant()
    with _audited(actor, action) as said, transaction.atomic(), platform_scope(reason=REASON):
        row = Agreement.objects.select_for_update().get(pk=agreement.pk)
        said.append(row)
        party = row.parties.select_related("tenant").filter(tenant=region).first()
        if party is None:
            raise AgreementError(
                _("Your region is no party to this agreement."), code="not_a_party"
            )
        if row.state not in states:
            raise AgreementError(
                _("The agreement has changed meanwhile: this is not possible any more."),
                code="wrong_state",
            )
        yield row, party


@contextmanager
def _audited(actor: Account, action: str) -> Iterator[list[Agreement]]:
    """Write the act, or its refusal, in the region's own history."""
    said: list[Agreement] = []

    def write(name: str, note: str = "") -> None:
        about = said[0] if said else None
        audit(
            actor=actor,
            action=name,
            kind="agreement",
            object_id=about.public_id if about else "",
            label=about.title if about else "",
            note=note,
        )

    try:
        with transaction.atomic():
            yield said
            write(_done(action, said[0]))
    except AgreementError as refused:
        write("agreement.refused", f"{action}: {refused.code}")
        raise


def _done(action: str, agreement: Agreement) -> str:
    """The action for history: ending what was never in force is declining or withdrawing it."""
    if action != "agreement.ended":
        return action
    with platform_scope(reason=REASON):
        return f"agreement.{_ended(agreement)}"
