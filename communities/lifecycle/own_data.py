"""What this app holds about a person: contacts, offers, candidacies, votes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from communities.lifecycle.handovers import moderator_gone
from communities.lifecycle.models import Candidate, Contact, Offer, Vote
from core.accounts import inventory
from core.accounts.models import Account


def _when(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _export(account: Account) -> dict[str, list[dict[str, Any]]]:
    about = Contact.objects.filter(account=account).select_related("community").order_by("pk")
    written = Contact.objects.filter(by=account).select_related("community").order_by("pk")
    offers = Offer.objects.filter(successor=account).select_related("community").order_by("pk")
    made = Offer.objects.filter(offered_by=account).select_related("community").order_by("pk")
    stood = Candidate.objects.filter(account=account).select_related("handover__community")
    votes = Vote.objects.filter(voter=account).select_related("handover__community", "candidate")
    return {
        "contacts_about_me": [
            {
                "community": row.community.name,
                "on": _when(row.on),
                "way": row.way,
                "person": row.person,
                "said": row.said,
            }
            for row in about
        ],
        # What others said is about them.
        "contacts_logged_by_me": [
            {
                "community": row.community.name,
                "on": _when(row.on),
                "logged_at": _when(row.logged_at),
            }
            for row in written
        ],
        "offers_to_run": [
            {
                "community": row.community.name,
                "offered_at": _when(row.offered_at),
                "answered_at": _when(row.answered_at),
                "status": row.status,
            }
            for row in offers
        ],
        "offers_made": [
            {
                "community": row.community.name,
                "offered_at": _when(row.offered_at),
                "status": row.status,
                "steps_down": row.steps_down,
            }
            for row in made
        ],
        "candidacies": [
            {
                "community": row.handover.community.name,
                "words": row.words,
                "came_at": _when(row.came_at),
                "withdrew_at": _when(row.withdrew_at),
            }
            for row in stood.order_by("pk")
        ],
        "votes": [
            {
                "community": row.handover.community.name,
                "cast_at": _when(row.cast_at),
                "for_myself": row.candidate.account_id == account.pk,
            }
            for row in votes.order_by("pk")
        ],
    }


def _remove(account: Account) -> None:
    """Hand over what the person alone ran; keep that a contact took place, not with whom.

    Offers, candidacies and votes go by their foreign keys.
    """
    Contact.objects.filter(account=account).update(person="", said="")
    moderator_gone(account, deleted=True)


def register() -> None:
    """Put this app's tables in the inventory of personal data."""
    inventory.register(
        inventory.PersonalData(
            name="running_communities",
            label=_("Running communities: contacts, offers, votes"),
            export=_export,
            remove=_remove,
            order=52,
        )
    )
