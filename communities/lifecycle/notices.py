"""Mails about the life of a community, each in its reader's language.

All of them share one template: a subject, paragraphs, one button. They carry no address of anyone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from communities.communities.models import Community
from communities.lifecycle.locks import runners
from communities.lifecycle.models import HandOver, Offer, Standing
from core.accounts.models import Account
from core.notifications.hosts import site_url
from core.notifications.services import mail_send
from core.shell import humanise
from regions.onboarding.queries import region_current
from tenants.context import current_tenant

Words = Callable[[], tuple[str, Sequence[str], str]]
"""Subject, paragraphs and label of the button, in the language that is active."""


def tell_quiet(community: Community, standing: Standing, *, again: bool, days: int) -> None:
    """Ask those who run a community whether it still lives."""

    def words() -> tuple[str, Sequence[str], str]:
        since = humanise.day(standing.last_sign_at) if standing.last_sign_at else ""
        told = [
            _("Nothing has happened in the community “%(name)s” since %(day)s.")
            % {"name": community.name, "day": since}
            if since
            else _("Nothing has happened in the community “%(name)s” for a long time.")
            % {"name": community.name},
            _("If it still lives, one click says so. You can also hand it over to another member."),
        ]
        if again:
            told.append(
                _("Without an answer within %(days)d days, its members choose who takes over.")
                % {"days": days}
            )
        subject = _("Is “%(name)s” still alive?") % {"name": community.name}
        return subject, told, _("Answer for my community")

    for row in runners(community).select_related("account"):
        _mail(row.account, words, _relay(community))


def tell_vote(handover: HandOver, people: Iterable[Account]) -> None:
    """Ask members who takes over."""
    community = handover.community

    def words() -> tuple[str, Sequence[str], str]:
        return (
            _("Who takes over “%(name)s”?") % {"name": community.name},
            [
                _("The community “%(name)s” is looking for somebody to run it.")
                % {"name": community.name},
                _("Come forward, or choose among those who have, until %(day)s.")
                % {"day": humanise.day(handover.closes_at)},
            ],
            _("Come forward or vote"),
        )

    for account in people:
        _mail(account, words, _relay(community))


def tell_chosen(handover: HandOver, people: Iterable[Account]) -> None:
    """Say who runs the community now."""
    community, winner = handover.community, handover.winner
    assert winner is not None

    def words() -> tuple[str, Sequence[str], str]:
        told = {"name": community.name, "person": winner.display_name}
        return (
            _("%(person)s now runs “%(name)s”") % told,
            [_("%(person)s is now in charge of the community “%(name)s”.") % told],
            _("Go to the community"),
        )

    for account in people:
        if account.pk != winner.pk:
            _mail(account, words, community.get_absolute_url())

    def yours() -> tuple[str, Sequence[str], str]:
        told = {"name": community.name}
        return (
            _("You now run “%(name)s”") % told,
            [
                _("You are in charge of the community “%(name)s”. Thank you!") % told,
                _("In its administration you answer requests and keep its page up to date."),
            ],
            _("Go to the community"),
        )

    _mail(winner, yours, community.get_absolute_url())


def tell_offer(offer: Offer) -> None:
    """Ask somebody to run the community."""
    community, by = offer.community, offer.offered_by

    def words() -> tuple[str, Sequence[str], str]:
        told = {"name": community.name, "person": by.display_name if by else ""}
        return (
            _("Would you run “%(name)s”?") % told,
            [
                _("%(person)s suggests that you take charge of the community “%(name)s”.") % told,
                _("Nothing changes unless you accept."),
            ],
            _("Accept or decline"),
        )

    _mail(offer.successor, words, _relay(community))


def tell_answer(offer: Offer) -> None:
    """Tell who asked what the person answered."""
    community, by = offer.community, offer.offered_by
    if by is None:
        return

    def words() -> tuple[str, Sequence[str], str]:
        told = {"name": community.name, "person": offer.successor.display_name}
        if offer.status == Offer.Status.ACCEPTED:
            sentence = _("%(person)s accepts to run the community “%(name)s”.") % told
        else:
            sentence = _("%(person)s declines to run the community “%(name)s”.") % told
        return _("Answer about “%(name)s”") % told, [sentence], _("Go to the community")

    _mail(by, words, _relay(community))


def tell_archived(community: Community, people: Iterable[Account]) -> None:
    """Tell members that the community is archived."""

    def words() -> tuple[str, Sequence[str], str]:
        told = {"name": community.name}
        return (
            _("“%(name)s” is archived") % told,
            [
                _("The community “%(name)s” is archived: nobody joins it any more.") % told,
                _("You can still read its page. Your account and your adverts stay yours."),
                _("To open it again, answer %(email)s.")
                % {"email": region_current().support_email},
            ],
            _("Read the archived page"),
        )

    for account in people:
        _mail(account, words, community.get_absolute_url())


def _relay(community: Community) -> str:
    return reverse("communities-lifecycle:relay", args=[community.slug])


def _mail(to: Account, words: Words, path: str) -> None:
    if not to.is_active:
        return
    language = to.language or current_tenant().language
    with translation.override(language):
        subject, paragraphs, label = words()
    mail_send(
        template="lifecycle/mails/note",
        to=to.email,
        context={
            "first_name": to.first_name,
            "subject": subject,
            "paragraphs": list(paragraphs),
            "url": site_url(path),
            "label": label,
        },
        language=language,
    )
