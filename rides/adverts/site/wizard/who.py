"""Steps of few controls: role, passengers, contribution, message."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.shell import humanise
from core.shell.forms import ChoiceCards
from rides.adverts.models import COMMENT_LENGTH, MAX_SEATS, Advert
from rides.adverts.prices import price_cents
from rides.adverts.route_rules import Message
from rides.adverts.site.wizard.base import StepForm
from rides.adverts.validation import check_contribution

MOST_CENTS = 999


class NumberStepper(forms.NumberInput):
    """A number with « − » and « + » beside it when there is JavaScript."""

    template_name = "adverts/widgets/seats.html"


class RoleForm(StepForm):
    """« Rôle »."""

    name = "role"
    template = "adverts/wizard/role.html"

    role = forms.ChoiceField(
        label=_("You are"),
        choices=[
            (Advert.Role.DRIVER.value, _("Driver")),
            (Advert.Role.PASSENGER.value, _("Passenger")),
            (Advert.Role.EITHER.value, _("Either")),
        ],
        widget=ChoiceCards(
            cards={
                "driver": ("car", _("I offer seats in my car.")),
                "passenger": ("passenger", _("I am looking for a seat.")),
                "either": ("either", _("I take turns, or have no preference.")),
            }
        ),
    )


class PassengersForm(StepForm):
    """« Passagers »: seats, and who may come along."""

    name = "passengers"
    template = "adverts/wizard/passengers.html"

    seats = forms.IntegerField(
        label=_("Number of seats"), min_value=1, max_value=MAX_SEATS, widget=NumberStepper
    )
    wheelchair = forms.BooleanField(required=False)
    same_gender = forms.BooleanField(
        label=_("Only with people of the same civil title as mine"), required=False
    )

    def prepare(self) -> None:
        """Speak to a passenger as to a passenger; offer what the region offers."""
        looks = self.context.role == Advert.Role.PASSENGER
        self.fields["seats"].help_text = (
            gettext("How many seats you are looking for.")
            if looks
            else gettext("How many people you can take along, besides the driver.")
        )
        self.fields["wheelchair"].label = (
            gettext("I travel with a wheelchair")
            if looks
            else gettext("I can take a wheelchair along")
        )
        if not self.context.rules.same_gender_allowed:
            del self.fields["same_gender"]


class ContributionForm(StepForm):
    """« Participation »: free, as the region suggests, or an amount of one's own."""

    name = "contribution"
    template = "adverts/wizard/contribution.html"

    choice = forms.ChoiceField(label=_("Contribution of each person"), widget=ChoiceCards())
    cents = forms.IntegerField(
        label=_("Cents per kilometre"),
        min_value=0,
        max_value=MOST_CENTS,
        required=False,
        widget=NumberStepper,
    )
    sure = forms.BooleanField(label=_("I keep this amount"), required=False)

    def prepare(self) -> None:
        """Say what each choice comes to on this route."""
        rules = self.context.rules
        suggested = rules.suggested_cents_per_km
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            ("suggested", self._suggested_label()),
            ("free", gettext("Free ride")),
            ("own", gettext("Another amount")),
        ]
        self.fields["choice"].widget.cards = {
            "suggested": (
                "euro",
                gettext("%(cents)d cents per kilometre, as suggested here.") % {"cents": suggested},
            ),
            "free": ("heart", gettext("You ask for nothing.")),
            "own": ("edit", gettext("You choose, up to the region's limit.")),
        }
        self.fields["cents"].help_text = gettext(
            "At most %(most)d cents per kilometre: costs are shared, nobody earns money."
        ) % {"most": rules.most_cents_per_km}

    def _suggested_label(self) -> str:
        total = self.total(self.context.rules.suggested_cents_per_km)
        return total or gettext("The suggested amount")

    def total(self, cents: int) -> str:
        """« 2,40 € » for this route; empty while the route is not known."""
        if self.context.metres is None:
            return ""
        return humanise.money(price_cents(self.context.metres, cents))

    @property
    def cents_now(self) -> int:
        """What is asked at present, as far as it can be read."""
        choice = self.data.get("choice")
        if choice == "free":
            return 0
        typed = str(self.data.get("cents") or "")
        if choice == "own" and typed.isascii() and typed.isdigit():
            return min(int(typed), MOST_CENTS)
        return self.context.rules.suggested_cents_per_km

    @property
    def total_now(self) -> str:
        """What one passenger pays at present."""
        return self.total(self.cents_now)

    @property
    def is_high(self) -> bool:
        """Whether the region warns of such an amount."""
        return self.cents_now > self.context.rules.warn_above_cents_per_km

    def clean(self) -> dict[str, Any]:
        """Refuse above the limit, ask once more above the amount that the region warns of."""
        data = self.cleaned_data
        if data.get("choice") == "own" and "cents" in data and data["cents"] is None:
            self.add_error("cents", _("Say how many cents per kilometre."))
        if self.errors:
            return data
        found: dict[str, Message] = {}
        advert = self.context.advert
        if advert is None or advert.cents_per_km != self.cents_now:
            check_contribution(self.cents_now, self.context.rules, found)
        self.add_messages(found, {"cents_per_km": "cents"})
        if not found and self.is_high and not data.get("sure"):
            self.add_error(
                "sure",
                _(
                    "More than %(cents)d cents per kilometre: few people will answer. Tick the "
                    "box if you keep this amount."
                )
                % {"cents": self.context.rules.warn_above_cents_per_km},
            )
        data["cents_per_km"] = self.cents_now
        return data


class MessageForm(StepForm):
    """« Message »."""

    name = "message"
    template = "adverts/wizard/message.html"

    comment = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everyone can read it: give no telephone number and no address."),
    )
