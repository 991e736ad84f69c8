"""« Rejoindre une communauté », in the last step of the registration (OG-07, OG-16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.communities import access
from communities.communities.identifiers import MAX_LENGTH
from communities.communities.models import Community
from communities.communities.services import membership_join
from core.accounts.models import Account
from core.accounts.registration import RegistrationExtra
from tenants.context import current_tenant
from tenants.models import Module


def _choices() -> list[tuple[str, str]]:
    """Every community that a visitor sees, by name; the place tells those of one name apart."""
    rows = (
        access.communities_visible_to(None)
        .order_by("name_key", "pk")
        .values_list("slug", "name", "place_label")
    )
    return [("", ""), *((slug, f"{name} ({place})") for slug, name, place in rows)]


class CommunityExtra(RegistrationExtra):
    """One community to join at once, by exactly the rules of its page."""

    name = "community"
    order = 30

    def fields(self) -> Mapping[str, forms.Field]:
        """Offer the region's communities; nothing in a region that has none."""
        if not current_tenant().has_module(Module.COMMUNITIES):
            return {}
        choices = _choices()
        if len(choices) == 1:
            return {}
        return {
            "community": forms.ChoiceField(
                label=_("Join a community"),
                choices=choices,
                required=False,
                help_text=_(
                    "You can leave it at any time. The people who run it will see "
                    "your first and last name and the date; other members see « Pierre L. »."
                ),
            ),
            "community_mails": forms.BooleanField(
                label=_("I accept e-mails from the people who run this community"),
                required=False,
            ),
            **self._identifier(),
        }

    def _identifier(self) -> Mapping[str, forms.Field]:
        """What secured communities ask for, where there is one."""
        secured = access.communities_visible_to(None).filter(
            validation=Community.Validation.SECURED
        )
        if not secured.exists():
            return {}
        return {
            "community_identifier": forms.CharField(
                label=_("Identifier in this community"),
                max_length=MAX_LENGTH,
                required=False,
                help_text=_("Only where the community asks for one, for example a staff number."),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        }

    def complete(self, *, account: Account, cleaned: Mapping[str, Any]) -> None:
        """Join the chosen community, if it is still there."""
        slug = cleaned.get("community")
        if not slug:
            return
        community: Community | None = (
            access.communities_visible_to(account).filter(slug=slug).first()
        )
        if community is not None:
            membership_join(
                account=account,
                community=community,
                identifier=cleaned.get("community_identifier") or "",
                accepts_mails=bool(cleaned.get("community_mails")),
            )
