"""Pages of the steps. Every POST keeps what was typed before it looks at it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.access import signed_in
from core.accounts.models import Account
from rides.adverts import access
from rides.adverts.errors import AdvertError
from rides.adverts.models import MAX_STOPS, Advert
from rides.adverts.panels import ANSWERS, SUMMARY_PANELS
from rides.adverts.services import advert_change, advert_publish
from rides.adverts.site import rows
from rides.adverts.site.wizard.base import Raw, StepForm
from rides.adverts.site.wizard.first import first_steps, steps_of
from rides.adverts.site.wizard.planning import PlanningForm
from rides.adverts.site.wizard.route import RouteForm
from rides.adverts.site.wizard.state import (
    LABELS,
    STEPS,
    SUMMARY,
    Step,
    Wizard,
    step_named,
    step_of_field,
)
from rides.adverts.site.wizard.summary import route_map, sections


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """« Publier une annonce »: the first step of a new one, beside the draft there may be."""
    access.require_module()
    account = signed_in(request)
    kept = Wizard(account)
    step = STEPS[0]
    wizard = Wizard(account)
    wizard.begin(_first_steps(request, account))
    if request.method == "POST":
        wizard.write(step, wizard.sent(step, request.POST))
        form = wizard.form(step)
        if form.is_valid():
            wizard.save()
            return redirect(wizard.url_after(step))
    else:
        form = wizard.form(step)
        form.without_errors()
    context: dict[str, Any] = {"resume": None, "action": request.get_full_path()}
    if kept.is_kept:
        unfinished = kept.first_unfinished()
        context["resume"] = kept.url(unfinished.slug if unfinished else SUMMARY)
        context["resume_words"] = _draft_words(kept)
    return _render(request, wizard, step, form, **context)


def _first_steps(request: HttpRequest, account: Account) -> dict[str, Raw]:
    """What a new advert starts from; ``comme`` names an advert of one's own to start from."""
    try:
        like = UUID(request.GET.get("comme", ""))
    except ValueError:
        return first_steps(account, request.GET.dict(), request.GET.getlist("weekdays"))
    advert = access.get_own_advert(account, like)
    return _copied(advert, Wizard(account), backwards="inverse" in request.GET)


def _copied(advert: Advert, wizard: Wizard, *, backwards: bool) -> dict[str, Raw]:
    """The words of another advert: its dates are left out, they are past or taken."""
    steps = steps_of(advert, wizard.rules, backwards=backwards)
    for name in ("valid_from", "valid_until"):
        steps["planning"].pop(name, None)
    return steps


def _draft_words(wizard: Wizard) -> str:
    """« Rennes (35) → Vitré (35) », as far as it was typed."""
    route = wizard.steps.get("route", {})
    ends = [(route.get(name) or [""])[0] for name in ("origin", "destination")]
    return " → ".join(end or "…" for end in ends) if any(ends) else ""


@require_http_methods(["GET", "HEAD", "POST"])
def publish_step(request: HttpRequest, slug: str) -> HttpResponse:
    """One step of a new advert, or its summary, whose button publishes it."""
    access.require_module()
    wizard = Wizard(signed_in(request))
    if slug == SUMMARY:
        return _publish_summary(request, wizard)
    if not wizard.is_kept:
        return redirect("adverts:publish")
    return _step(request, wizard, slug)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Modifier »: all that the advert says, each part with its step; the button writes it."""
    wizard = Wizard(signed_in(request), access.get_own_advert(request.user, public_id))
    assert wizard.advert is not None
    errors: list[tuple[str, str | Promise]] = []
    if request.method == "POST":
        if wizard.first_unfinished() is None:
            try:
                advert_change(advert=wizard.advert, said=wizard.said())
            except AdvertError as error:
                errors = _errors(wizard, error)
            else:
                wizard.discard()
                messages.success(request, _("Your changes are online."))
                return redirect("adverts:detail", public_id)
        else:
            errors = _unfinished(wizard)
    return _summary(request, wizard, errors)


@require_http_methods(["GET", "HEAD", "POST"])
def change_step(request: HttpRequest, public_id: UUID, slug: str) -> HttpResponse:
    """One step of an advert that is being changed."""
    wizard = Wizard(signed_in(request), access.get_own_advert(request.user, public_id))
    return _step(request, wizard, slug)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft of a new advert away."""
    access.require_module()
    Wizard(signed_in(request)).discard()
    messages.success(request, _("Your draft was thrown away."))
    return redirect("adverts:publish")


@require_POST
def change_discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Leave an advert as it is."""
    wizard = Wizard(signed_in(request), access.get_own_advert(request.user, public_id))
    wizard.discard()
    messages.success(request, _("Nothing was changed."))
    return redirect("adverts:detail", public_id)


@require_POST
def duplicate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A new advert like one's own, or for the way back; an unfinished one is not written over."""
    advert = access.get_own_advert(request.user, public_id)
    wizard = Wizard(signed_in(request))
    backwards = request.POST.get("inverse") == "1"
    if wizard.is_kept:
        query = f"?comme={advert.public_id}" + ("&inverse=1" if backwards else "")
        return redirect(reverse("adverts:publish") + query)
    wizard.begin(_copied(advert, wizard, backwards=backwards))
    wizard.save()
    unfinished = wizard.first_unfinished()
    return redirect(wizard.url(unfinished.slug if unfinished else SUMMARY))


# --- a step --------------------------------------------------------------------------------------
def _step(request: HttpRequest, wizard: Wizard, slug: str) -> HttpResponse:
    step = step_named(slug)
    if step is None:
        raise Http404("No such step.")
    if request.method != "POST":
        form = wizard.form(step)
        form.without_errors()
        return _render(request, wizard, step, form)
    go = request.POST.get("go", "next")
    wizard.write(step, _acted(wizard, step, wizard.sent(step, request.POST), go))
    wizard.save()
    form = wizard.form(step)
    if go == "back":
        return redirect(wizard.url_before(step))
    if go not in ("next", "look"):
        form.without_errors()
        return _render(request, wizard, step, form)
    if go == "next" and form.is_valid():
        return redirect(wizard.url_after(step))
    return _render(request, wizard, step, form)


def _acted(wizard: Wizard, step: Step, raw: Raw, go: str) -> Raw:
    """What a button of the page makes of the step: a row more, a row less, another order."""
    action, _sep, argument = go.partition("-")
    row = int(argument) if argument.isascii() and argument.isdigit() else 0
    if step.form is PlanningForm:
        if action == "add":
            return PlanningForm.with_row(raw)
        if action == "remove":
            return PlanningForm.without_row(raw, row)
    if step.form is RouteForm:
        if action == "add":
            return rows.with_row(raw, MAX_STOPS)
        if action == "remove":
            return rows.without_row(raw, row, MAX_STOPS)
        if action == "raise":
            return rows.raised(raw, row, MAX_STOPS)
        if action == "place":
            return RouteForm(raw, context=wizard.context(step)).with_place(raw, row)
        if action == "sort":
            return RouteForm(raw, context=wizard.context(step)).sorted_raw(raw)
    return raw


def _render(
    request: HttpRequest,
    wizard: Wizard,
    step: Step,
    form: StepForm,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    route = step.form is RouteForm and wizard.metres() is not None
    offers = form.offers() if route and isinstance(form, RouteForm) else []
    context = {
        "wizard": wizard,
        "form": form,
        "step": step,
        "map": route_map(wizard, offers) if route else None,
        "offers": offers,
        "steps": LABELS,
        "current": STEPS.index(step) + 1,
        "changing": wizard.advert,
        "before": wizard.url_before(step) if step is not STEPS[0] or wizard.advert else "",
        "action": wizard.url(step.slug),
        "resume": None,
        "resume_words": "",
        **more,
    }
    code = status or (422 if form.errors else 200)
    return render(request, "adverts/wizard/step.html", context, status=code)


# --- the summary ---------------------------------------------------------------------------------
def _publish_summary(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    if request.method == "POST" and request.POST.get("key", "") != wizard.key:
        # Sent again, from a page that was left open: the advert it made, if it made one.
        made = access.own_advert_or_none(request.user, request.POST.get("key", ""))
        if made is not None:
            return redirect("adverts:detail", made.public_id)
    if not wizard.is_kept:
        return redirect("adverts:publish")
    unfinished = wizard.first_unfinished()
    if unfinished is not None:
        return redirect(wizard.url(unfinished.slug))
    errors: list[tuple[str, str | Promise]] = []
    if request.method == "POST":
        said = wizard.said()
        words = {name: getattr(said, name) for name in said.__dataclass_fields__}
        try:
            advert = advert_publish(author=wizard.account, public_id=UUID(wizard.key), **words)
        except AdvertError as error:
            errors = _errors(wizard, error)
        else:
            wizard.discard()
            messages.success(request, _("Your advert is online."))
            for answer in ANSWERS:
                answer.take(request, advert)
            return redirect("adverts:detail", advert.public_id)
    return _summary(request, wizard, errors)


def _errors(wizard: Wizard, error: AdvertError) -> list[tuple[str, str | Promise]]:
    """(address of the step, words) of all that the service refused."""
    found: list[tuple[str, str | Promise]] = [
        (wizard.url(step_of_field(name).slug), message) for name, message in error.fields.items()
    ]
    return found or [("", error.message)]


def _unfinished(wizard: Wizard) -> list[tuple[str, str | Promise]]:
    """(address of the step, words) of all that is wrong in the steps."""
    return [
        (wizard.url(step.slug), str(words))
        for step in STEPS
        for messages_of in wizard.form(step).errors.values()
        for words in messages_of
    ]


def _summary(
    request: HttpRequest, wizard: Wizard, errors: list[tuple[str, str | Promise]]
) -> HttpResponse:
    new = wizard.advert is None
    context = {
        "wizard": wizard,
        "key": wizard.key,
        "panels": SUMMARY_PANELS.rendered(request, wizard.said()) if new else [],
        "sections": sections(wizard),
        "map": route_map(wizard),
        "steps": LABELS,
        "current": len(LABELS),
        "changing": wizard.advert,
        "before": wizard.url(STEPS[-1].slug),
        "errors": errors,
    }
    return render(request, "adverts/wizard/summary.html", context, status=422 if errors else 200)
