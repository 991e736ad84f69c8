"""Where somebody is in the steps: what they typed, which step comes next, what it makes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from rides.adverts.drafting import draft_discard, draft_of, draft_save
from rides.adverts.inputs import AdvertInput
from rides.adverts.models import Advert
from rides.adverts.settings import rides_settings
from rides.adverts.site.wizard.base import Context, Raw, StepForm, kept, text
from rides.adverts.site.wizard.first import Steps, steps_of
from rides.adverts.site.wizard.planning import PlanningForm
from rides.adverts.site.wizard.route import RouteForm
from rides.adverts.site.wizard.who import (
    ContributionForm,
    MessageForm,
    PassengersForm,
    RoleForm,
)
from tenants.context import current_tenant


class Step(NamedTuple):
    """A step by its name in an address, its title and its form."""

    slug: str
    label: str | Promise
    form: type[StepForm]


STEPS: Final = (
    Step("role", _("Role"), RoleForm),
    Step("planification", _("Planning"), PlanningForm),
    Step("trajet", _("Route"), RouteForm),
    Step("passagers", _("Passengers"), PassengersForm),
    Step("participation", _("Contribution"), ContributionForm),
    Step("message", _("Message"), MessageForm),
)
SUMMARY: Final = "recapitulatif"
LABELS: Final = [*(step.label for step in STEPS), _("Summary of the steps")]

_STEP_OF: Final = {
    **dict.fromkeys(("origin", "destination", "communities"), "trajet"),
    **dict.fromkeys(("seats", "wheelchair", "same_gender"), "passagers"),
    "cents_per_km": "participation",
    "comment": "message",
    "role": "role",
}


def step_named(slug: str) -> Step | None:
    """The step of an address."""
    return next((step for step in STEPS if step.slug == slug), None)


def step_of_field(name: str) -> Step:
    """The step that says what the service calls ``name`` (``stops.0``, ``seats`` …)."""
    head = name.split(".")[0]
    if head.startswith(("origin", "destination", "stops")):
        head = "origin"
    found = step_named(_STEP_OF.get(head, "planification"))
    assert found is not None
    return found


class Wizard:
    """The steps of a new advert, or of one that is being changed."""

    def __init__(self, account: Account, advert: Advert | None = None) -> None:
        self.account, self.advert = account, advert
        self.rules = rides_settings()
        self.zone = advert.zone if advert else current_tenant().time_zone
        self.now = timezone.now()
        draft = draft_of(account, advert)
        self.is_kept = draft is not None
        """Whether a draft is kept: a new advert without one has not begun."""
        self.key = ""
        self.steps: Steps = {}
        if draft is not None:
            self.key, self.steps = draft.data["key"], draft.data["steps"]
        elif advert is not None:
            self.key, self.steps = str(advert.public_id), steps_of(advert, self.rules)
        self._forms: dict[str, StepForm] = {}

    def begin(self, steps: Steps) -> None:
        """Start a new advert from these words; keep it with ``save``."""
        self.key, self.steps, self._forms = str(uuid.uuid4()), steps, {}

    def save(self) -> None:
        """Keep everything as it was typed."""
        data = {"key": self.key, "steps": self.steps}
        draft_save(account=self.account, data=data, advert=self.advert)
        self.is_kept = True

    def discard(self) -> None:
        """Forget it."""
        draft_discard(account=self.account, advert=self.advert, key=self.key)

    # --- steps ----------------------------------------------------------------------------------
    def raw(self, step: Step) -> Raw:
        """What was typed in a step."""
        return self.steps.get(step.form.name, {})

    def write(self, step: Step, raw: Raw) -> None:
        """Replace what was typed in a step."""
        self.steps = {**self.steps, step.form.name: raw}
        self._forms = {}

    def sent(self, step: Step, data: Mapping[str, Any]) -> Raw:
        """What a browser sent of a step: its own controls, and nothing else."""
        counts = {name: data.getlist(name) for name in ("slots", "stops") if name in data}  # type: ignore[attr-defined]
        form = step.form({**self.raw(step), **counts}, context=self.context(step))
        names = [*form.fields, *(f"{name}_code" for name in form.fields), *counts]
        return kept(data, names)

    def form(self, step: Step) -> StepForm:
        """A step with what was typed in it."""
        made = self._forms.get(step.slug)
        if made is None:
            made = step.form(self.raw(step), context=self.context(step))
            self._forms[step.slug] = made
        return made

    def context(self, step: Step) -> Context:
        """What a step may know of the others."""
        metres = None
        if step.form is ContributionForm:
            metres = self.metres()
        return Context(
            account=self.account,
            rules=self.rules,
            zone=self.zone,
            now=self.now,
            advert=self.advert,
            role=text(self.steps.get("role", {}), "role"),
            metres=metres,
        )

    def metres(self) -> int | None:
        """Metres of road, once the route is known."""
        route = self.form(STEPS[2])
        found: int | None = route.cleaned_data.get("metres") if route.is_valid() else None
        return found

    def first_unfinished(self) -> Step | None:
        """The first step that something is missing in, or wrong with."""
        return next((step for step in STEPS if not self.form(step).is_valid()), None)

    def said(self) -> AdvertInput:
        """The whole advert. Every step must be valid."""
        role, planning, route, passengers, contribution, message = (
            self.form(step).cleaned_data for step in STEPS
        )
        return AdvertInput(
            role=role["role"],
            origin=route["origin_place"],
            destination=route["destination_place"],
            stops=route["stop_places"],
            planning=planning["planning"],
            seats=passengers["seats"],
            cents_per_km=contribution["cents_per_km"],
            school_holidays=not planning["no_school_holidays"],
            public_holidays=not planning["no_public_holidays"],
            wheelchair=passengers["wheelchair"],
            same_gender=bool(passengers.get("same_gender")),
            comment=message["comment"],
            communities=list(route["communities"]),
        )

    # --- addresses ------------------------------------------------------------------------------
    def url(self, slug: str = "") -> str:
        """Address of a step, or of the summary; without a name, where one begins."""
        if self.advert is not None:
            key = self.advert.public_id
            if slug in ("", SUMMARY):
                return reverse("adverts:change", args=[key])
            return reverse("adverts:change-step", args=[key, slug])
        return reverse("adverts:publish-step", args=[slug]) if slug else reverse("adverts:publish")

    def url_after(self, step: Step) -> str:
        """Where « Continuer » leads: to the next step; from a change, back to the summary."""
        place = STEPS.index(step) + 1
        if self.advert is not None or place == len(STEPS):
            return self.url(SUMMARY)
        return self.url(STEPS[place].slug)

    def url_before(self, step: Step) -> str:
        """Where « Retour » leads."""
        if self.advert is not None:
            return self.url(SUMMARY)
        place = STEPS.index(step) - 1
        return self.url(STEPS[place].slug) if place >= 0 else self.url()
