"""The words of what this app writes in the history of communities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit import actions


def register() -> None:
    """Give words to actions and fields."""
    actions.register("community.found_quiet", _("found the community inactive, warned who runs it"))
    actions.register("community.warned_again", _("warned again those who run the community"))
    actions.register("community.kept", _("said that the community is still active"))
    actions.register("community.contact", _("logged a contact"))
    actions.register("community.vote_opened", _("asked the members who takes over"))
    actions.register("community.elected", _("counted the votes: the community has a moderator"))
    actions.register("community.offer_made", _("offered to hand the community over"))
    actions.register("community.offer_withdrawn", _("took back the offer to hand over"))
    actions.register("community.offer_accepted", _("accepted to run the community"))
    actions.register("community.offer_declined", _("declined to run the community"))
    actions.register("community.archived", _("archived the community"))
    actions.register("community.revived", _("opened the archived community again"))
    actions.register_fields("community", votes=_("votes"))
