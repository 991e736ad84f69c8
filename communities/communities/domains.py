"""Validation by domain: who has a *verified* address of a listed domain joins at once.

The rule holds on: when somebody's verified address changes, memberships that came of the old one
wait for a moderator, and those that the new one opens are accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from communities.communities.errors import CommunityInvalidError
from communities.communities.models import AllowedDomain, Community
from core.accounts.models import Account

MAX_DOMAINS: Final = 50
_DOMAIN: Final = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")


def domain_normalise(typed: str) -> str:
    """Return a domain in its one form (lower case, ASCII, without « @ »); empty if it is none."""
    text = typed.strip().lower().lstrip("@").strip(".")
    try:
        text = text.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return text if _DOMAIN.match(text) else ""


def domains_read(text: str) -> list[str]:
    """Return the domains of a text where spaces, commas, semicolons or lines separate them.

    Raises ``CommunityInvalidError`` (field ``domains``) that names what is no domain.
    """
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    wrong = [word for word in words if not domain_normalise(word)]
    if wrong:
        raise CommunityInvalidError(
            {
                "domains": _("“%(domain)s” is no domain. Example: ville.example")
                % {"domain": wrong[0][:80]}
            }
        )
    found = list(dict.fromkeys(domain_normalise(word) for word in words))
    if len(found) > MAX_DOMAINS:
        raise CommunityInvalidError(
            {"domains": _("At most %(most)d domains.") % {"most": MAX_DOMAINS}}
        )
    return found


def domains_of(community: Community) -> list[str]:
    """Return the domains that a community lists, by name."""
    return list(
        AllowedDomain.objects.filter(community=community)
        .order_by("domain")
        .values_list("domain", flat=True)
    )


@transaction.atomic
def domains_set(*, community: Community, domains: Iterable[str]) -> list[str]:
    """Replace the domains of a community by these (``domains_read`` made them); return them.

    People who are members already stay so: a domain that goes says nothing of them.
    """
    wanted = set(domains)
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    own = AllowedDomain.objects.filter(community=community)
    own.exclude(domain__in=wanted).delete()
    AllowedDomain.objects.bulk_create(
        (AllowedDomain(community=community, domain=one) for one in sorted(wanted)),
        ignore_conflicts=True,
    )
    return sorted(wanted)


def verified_domains(account: Account) -> set[str]:
    """Return the domains of the account's verified addresses; others prove nothing."""
    rows = EmailAddress.objects.filter(user_id=account.pk, verified=True)
    return {email.rpartition("@")[2].lower() for email in rows.values_list("email", flat=True)}


def is_allowed(account: Account, community: Community) -> bool:
    """Whether a verified address of the account is in one of the community's domains."""
    return AllowedDomain.objects.filter(
        community=community, domain__in=verified_domains(account)
    ).exists()
