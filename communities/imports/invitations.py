"""Invitations: made by imports and « Ajouter un membre », mailed apart, used once.

Nothing else is known of the person before they register: an address, a name if the file gave one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from communities.communities import notices
from communities.communities.adding import members_add
from communities.communities.consents import consents_set
from communities.communities.errors import JoinRefusedError
from communities.communities.joining import may_ask_again_at, membership_join
from communities.communities.memberships import membership_add
from communities.communities.models import Community, Membership
from communities.imports.models import INVITATION_LIFE, Invitation
from core.accounts.managers import normalise_email
from core.accounts.models import Account
from core.notifications.hosts import site_url
from core.notifications.services import mail_send
from tenants import signing
from tenants.context import current_tenant
from tenants.errors import InvalidTokenError

PURPOSE = "community-invitation"
CHUNK = 100
REMIND_AFTER: Final = timedelta(days=1)
"""Before that, asking for a mail again sends none."""


class Invited(NamedTuple):
    """Somebody to invite."""

    email: str
    first_name: str
    last_name: str
    standing: str


@transaction.atomic
def person_bring(
    *, community: Community, email: str, role: str, by: Account, batch: UUID
) -> Membership | None:
    """« Ajouter un membre »: what a row of a file makes of an address; None: they are invited.

    Who has that verified address becomes a member, unless they had left by themselves: they are
    asked, as people without an account are. Nothing happens to a suspended account, and nothing
    says so. A mail asked for again leaves again after a day, unless the person declined.
    """
    from communities.imports.tasks import invite

    email = normalise_email(email)
    address = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    account = address.user if address else None
    if account is not None:
        known = Membership.objects.filter(account=account, community=community).first()
        if not left_alone(known):
            if not account.is_active:
                return None
            return membership_add(
                community=community, account=account, by=by, role=role, batch=batch
            )
    invitations_make(community=community, people=[Invited(email, "", "", role)], by=by)
    Invitation.objects.filter(
        community=community,
        email=email,
        declined_at=None,
        sent_at__lt=timezone.now() - REMIND_AFTER,
    ).update(sent_at=None, by=by)
    transaction.on_commit(invite.enqueue)
    return None


def left_alone(membership: Membership | None) -> bool:
    """Whether somebody left by themselves: nobody brings them back, they are asked."""
    return (
        membership is not None
        and membership.status == Membership.Status.LEFT
        and membership.answered_by_id in {None, membership.account_id}
    )


def invitations_make(*, community: Community, people: Sequence[Invited], by: Account | None) -> int:
    """Invite those who are not invited yet; how many. Their mails leave with ``unsent_send``."""
    wanted = {one.email: one for one in people}
    known = Invitation.objects.filter(community=community, email__in=wanted)
    for row in known:
        standing = wanted.pop(row.email).standing
        if row.standing != standing:
            row.standing = standing
            row.save(update_fields=["standing"])
    now = timezone.now()
    Invitation.objects.bulk_create(
        (
            Invitation(community=community, by=by, created_at=now, **one._asdict())
            for one in wanted.values()
        ),
        ignore_conflicts=True,
        batch_size=1000,
    )
    return len(wanted)


def unsent_send() -> int:
    """Send the mails of one chunk of invitations that nobody has sent; how many there were."""
    with transaction.atomic():
        rows = list(
            Invitation.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(sent_at=None, community__is_active=True)
            .select_related("community", "by")
            .order_by("pk")[:CHUNK]
        )
        for row in rows:
            mail_send(
                template="imports/mails/invitation",
                to=row.email,
                context={
                    "first_name": row.first_name,
                    "community": row.community.name,
                    "person": row.by.display_name if row.by else "",
                    "url": site_url(reverse("invitations:show", args=[token_of(row)])),
                },
                language=current_tenant().language,
            )
        Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=timezone.now())
    return len(rows)


def purge(now: datetime) -> None:
    """Forget invitations of more than 90 days, used or not."""
    Invitation.objects.filter(created_at__lt=now - INVITATION_LIFE).delete()


# --- the link -------------------------------------------------------------------------------------
def token_of(invitation: Invitation) -> str:
    """Return the signed, dated text of the link; worth nothing in another region."""
    return signing.dumps(str(invitation.public_id), purpose=PURPOSE)


def invitation_of(token: str) -> Invitation:
    """Return the invitation of a link that still works. Raises ``InvalidTokenError``."""
    key = signing.loads(token, purpose=PURPOSE, max_age=INVITATION_LIFE)
    found = (
        Invitation.objects.filter(
            public_id=UUID(str(key)),
            declined_at=None,
            created_at__gt=timezone.now() - INVITATION_LIFE,
            community__is_active=True,
        )
        .select_related("community", "by")
        .first()
    )
    if found is None:
        raise InvalidTokenError
    return found


@transaction.atomic
def invitation_accept(
    *, invitation: Invitation, account: Account, accepts_mails: bool = False
) -> Membership:
    """Let who holds the link join, and use it up.

    The link proves that its mail was read, whatever address the person has registered with; what
    moderators may do is given to the invited address alone. Raises ``InvalidTokenError`` when it
    was used meanwhile, ``JoinRefusedError`` for somebody whom the moderators refused since.
    """
    community = Community.objects.select_for_update(no_key=True).get(pk=invitation.community_id)
    held = Invitation.objects.select_for_update(of=("self",)).filter(
        pk=invitation.pk, declined_at=None
    )
    locked = held.first()
    if locked is None or not community.is_active:
        raise InvalidTokenError
    known = Membership.objects.filter(account=account, community=community).first()
    if known is not None and known.status == Membership.Status.REFUSED:
        since = known.refused_at or known.joined_at
        if since > locked.created_at:
            raise JoinRefusedError(may_ask_again_at(known))
    own = EmailAddress.objects.filter(user=account, email=locked.email, verified=True).exists()
    standing, by = locked.standing, locked.by
    locked.delete()
    if known is not None and known.is_accepted:
        return known
    if standing == "pending":
        if community.validation == Community.Validation.AUTOMATIC:
            return membership_join(
                account=account, community=community, accepts_mails=accepts_mails
            )
        members_add(community=community, people={account.pk: "pending"}, by=by)
        waiting = Membership.objects.get(account=account, community=community)
        consents_set(membership=waiting, mails=accepts_mails, address=False)
        notices.tell_moderators(waiting)
        return waiting
    role = standing if own else Membership.Role.MEMBER
    made = membership_add(community=community, account=account, by=by, role=role)
    consents_set(membership=made, mails=accepts_mails, address=False)
    return made


@transaction.atomic
def invitation_decline(*, invitation: Invitation) -> None:
    """Invite no more for 90 days; the name goes at once. Twice is once."""
    Invitation.objects.filter(pk=invitation.pk, declined_at=None).update(
        declined_at=timezone.now(), first_name="", last_name=""
    )
