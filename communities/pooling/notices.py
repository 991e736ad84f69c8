"""Mails to those who run a community: a partner region proposes to pool it, or acts on its pool."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from communities.communities.models import Community, Membership
from core.accounts.models import Account
from core.notifications.hosts import console_url
from core.notifications.services import mail_send
from regions.onboarding.queries import region_current
from regions.pooled.hooks import News
from regions.pooled.queries import proposals_of
from tenants.context import current_tenant


def tell_proposed(community: Community) -> None:
    """Tell each moderator, or the region where there is none, of the latest proposal."""
    waiting = [one for one in proposals_of(community.public_id) if one.received]
    if not waiting:
        return
    context = {
        "community": community.name,
        "other": waiting[-1].name,
        "region": waiting[-1].region,
        "url": console_url(reverse("communities-pooling-console:page", args=[community.slug])),
    }
    _send(community, "proposed", context)


def tell_acted(community: Community, news: News) -> None:
    """Tell the same people what a partner region did: answered, renamed, detached its own."""
    context = {
        "community": community.name,
        "said": news.said,
        "region": news.region,
        "pool": news.name,
        "url": console_url(reverse("communities-pooling-console:page", args=[community.slug])),
    }
    _send(community, "acted", context)


def _send(community: Community, name: str, context: Mapping[str, str]) -> None:
    moderators = list(
        Account.objects.filter(
            is_active=True,
            memberships__community=community,
            memberships__status=Membership.Status.ACCEPTED,
            memberships__role=Membership.Role.MODERATOR,
        ).order_by("pk")
    )
    to = [(one.email, one.language) for one in moderators] or [
        (region_current().contact_email, current_tenant().language)
    ]
    for email, language in to:
        mail_send(
            template=f"communities_pooling/mails/{name}",
            to=email,
            context=context,
            language=language or None,
        )
