"""Mails about memberships: to moderators when somebody asks, to people when they are answered.

Sent once the transaction commits, in each reader's own language. A mail to moderators names the
person as the console does, and carries no address.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from communities.communities.models import Community, Membership
from core.accounts.models import Account
from core.notifications.hosts import console_url, site_url
from core.notifications.services import mail_send
from core.shell import humanise
from regions.onboarding.queries import region_current
from tenants.context import current_tenant


def tell_moderators(membership: Membership) -> None:
    """Write to each active moderator that somebody waits for an answer."""
    community = membership.community
    moderators = Account.objects.filter(
        is_active=True,
        memberships__community=community,
        memberships__status=Membership.Status.ACCEPTED,
        memberships__role=Membership.Role.MODERATOR,
    ).order_by("pk")
    context = {
        "community": community.name,
        "person": membership.account.full_name,
        "message": membership.message,
        "url": console_url(reverse("communities-console:members", args=[community.slug])),
    }
    for moderator in moderators:
        _mail("request", moderator, context)


def tell_answer(membership: Membership, *, was_member: bool, again_at: datetime | None) -> None:
    """Write to somebody what became of their request, or of their membership."""
    if membership.is_moderator:
        tell_runs(membership)
    elif membership.is_accepted:
        tell_accepted(membership)
    elif membership.status == Membership.Status.REFUSED:
        tell_refused(membership, was_member=was_member, again_at=again_at)


def tell_accepted(membership: Membership) -> None:
    """Write to somebody that they are a member now."""
    _mail("accepted", membership.account, _about(membership))


def tell_runs(membership: Membership) -> None:
    """Write to somebody that they run the community now, and where."""
    url = console_url(reverse("communities-console:members", args=[membership.community.slug]))
    _mail("runs", membership.account, {**_about(membership), "url": url})


def tell_refused(membership: Membership, *, was_member: bool, again_at: datetime | None) -> None:
    """Write to somebody that the moderators said no, why, and when they may ask again."""
    language = membership.account.language or current_tenant().language
    with translation.override(language):
        day = humanise.day(again_at) if again_at and again_at > timezone.now() else ""
    _mail(
        "refused",
        membership.account,
        {
            **_about(membership),
            "reason": membership.reason,
            "was_member": was_member,
            "again_on": day,
        },
    )


def tell_checked_again(membership: Membership) -> None:
    """Write to somebody whose new address is in no domain of the community."""
    _mail("checked_again", membership.account, _about(membership))


def tell_region_of_orphan(community: Community) -> None:
    """Write to the region that the only person who ran a community has deleted their account."""
    mail_send(
        template="communities/mails/orphan",
        to=region_current().support_email,
        context={
            "community": community.name,
            "url": console_url(reverse("communities-console:list")),
        },
        language=current_tenant().language,
    )


def tell_region_of_change(
    community: Community, *, by: Account, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    """Write to the region that a community has another name or address (PP-15)."""
    told = {name: changes[name] for name in ("name", "place_label") if name in changes}
    if told:
        mail_send(
            template="communities/mails/moved",
            to=region_current().contact_email,
            context={
                "community": community.name,
                "person": by.full_name,
                "changes": {name: list(pair) for name, pair in told.items()},
                "url": console_url(reverse("communities-console:edit", args=[community.slug])),
            },
            language=current_tenant().language,
        )


def _about(membership: Membership) -> dict[str, Any]:
    return {
        "community": membership.community.name,
        "url": site_url(membership.community.get_absolute_url()),
    }


def _mail(name: str, to: Account, context: dict[str, Any]) -> None:
    if not to.is_active:
        return
    mail_send(
        template=f"communities/mails/{name}",
        to=to.email,
        context={"first_name": to.first_name, **context},
        language=to.language or None,
    )
