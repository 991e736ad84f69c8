"""« Consigner un contact », and what an inactive community's deletion asks for (OG-06)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.communities.models import Community, Membership
from communities.lifecycle.errors import ContactInvalidError, ContactMissingError
from communities.lifecycle.locks import note
from communities.lifecycle.models import Contact, Standing
from core.accounts.models import Account


@transaction.atomic
def contact_log(
    *,
    community: Community,
    by: Account,
    on: date,
    way: str,
    said: str,
    account: Account | None = None,
    person: str = "",
) -> Contact:
    """Log a contact that took place; never changed afterwards. Raises ``ContactInvalidError``.

    ``account`` is one of those who run the community, or ran it; otherwise ``person`` is a name.
    """
    fields = {}
    if on > timezone.localdate():
        fields["on"] = _("A contact is logged once it has taken place.")
    name = account.full_name if account is not None else " ".join(person.split())
    if not name:
        fields["person"] = _("Say who was contacted.")
    if not said.strip():
        fields["said"] = _("Say in a few words what was said.")
    if fields:
        raise ContactInvalidError(**fields)
    contact = Contact.objects.create(
        community=community,
        on=on,
        way=Contact.Way(way),
        account=account,
        person=name[:120],
        said=said.strip()[:2000],
        by=by,
        logged_at=timezone.now(),
    )
    note(community, "community.contact", by=by, subject=account)
    return contact


def is_contacted(standing: Standing) -> bool:
    """Whether a contact was logged since the last activity of the community."""
    rows = Contact.objects.filter(community_id=standing.community_id)
    if standing.last_sign_at is not None:
        rows = rows.filter(on__gte=timezone.localdate(standing.last_sign_at))
    return rows.exists()


def needs_contact(community: Community, by: Account | None) -> bool:
    """Whether deleting the community is deleting it for inactivity, without the logged contact.

    Those who run a community may end it themselves: nobody has to reach them.
    """
    standing = Standing.objects.filter(community=community).first()
    if standing is None or standing.state == "alive" or is_contacted(standing):
        return False
    own = Membership.objects.filter(
        community=community,
        account=by,
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
    )
    return by is None or not own.exists()


def check_contact(community: Community, by: Account | None) -> None:
    """Raise ``ContactMissingError`` where a contact has to be logged first."""
    if needs_contact(community, by):
        raise ContactMissingError
