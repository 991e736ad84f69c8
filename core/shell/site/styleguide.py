"""The style guide: every component, filled and empty, on one page of the platform's host.

It doubles as a test page: browser tests look for accessibility faults here, in light and dark.
"""

from datetime import date, time

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.shell.cards import Badge, PersonLine, TripCard
from core.shell.forms import ChoiceCards, DateInput, DayPickerField, Switch, TimeInput


class SampleForm(forms.Form):
    """One field of each kind."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("We send you a code to check it."))
    city = forms.CharField(label=_("Municipality of residence"), required=False)
    role = forms.ChoiceField(
        label=_("You are"),
        choices=[("driver", _("Driver")), ("passenger", _("Passenger")), ("either", _("Either"))],
        widget=ChoiceCards(
            cards={
                "driver": ("car", _("I take people along")),
                "passenger": ("passenger", _("I am looking for a seat")),
                "either": ("either", _("One day or the other")),
            }
        ),
    )
    days = DayPickerField(label=_("Days"))
    day = forms.DateField(label=_("Date of departure"), widget=DateInput, required=False)
    hour = forms.TimeField(label=_("Departure time"), widget=TimeInput, required=False)
    title = forms.ChoiceField(
        label=_("Form of address"),
        choices=[("", _("Choose")), ("f", _("Ms")), ("m", _("Mr")), ("x", _("Other"))],
        required=False,
    )
    reason = forms.ChoiceField(
        label=_("Purpose of the trip"),
        choices=[("work", _("Work")), ("study", _("Studies")), ("leisure", _("Leisure"))],
        widget=forms.RadioSelect,
    )
    message = forms.CharField(label=_("Message"), widget=forms.Textarea, required=False)
    logo = forms.FileField(
        label=_("Logo"), help_text=_("At least 200 × 200 px, at most 4 MB."), required=False
    )
    charter = forms.BooleanField(label=_("I accept the charter"))
    news = forms.BooleanField(label=_("News of the service"), widget=Switch, required=False)


_PERSON = PersonLine(
    name="Pierre L.",
    detail=_("Member since March"),
    badges=(Badge(_("Verified e-mail"), icon="shield", tone="success"),),
)

_TRIPS = (
    TripCard(
        url="#",
        origin="Rennes, République",
        destination="Vitré, Gare",
        departs=time(7, 40),
        arrives=time(8, 18),
        duration=38 * 60,
        weekdays=frozenset({1, 2, 4, 5}),
        walk_before=400,
        walk_after=150,
        detour=4 * 60,
        price=240,
        seats=3,
        role=_("Driver"),
        person=_PERSON,
        badges=(Badge("Campus de Beaulieu", icon="users", tone="highlight"),),
    ),
    TripCard(
        url="#",
        origin="Saint-Aubin-du-Cormier",
        destination="Saint-Jacques-de-la-Lande, Aéroport",
        departs=time(18, 5),
        day=date(2026, 11, 23),
        price=0,
        role=_("Passenger"),
        role_icon="passenger",
        person=PersonLine(name="Anne-Sophie K."),
    ),
    TripCard(url="#", origin="Fougères", destination="Rennes"),
)

_TONES = (
    Badge(_("Draft"), icon="edit"),
    Badge(_("Regular"), icon="repeat", tone="accent"),
    Badge(_("Community"), icon="users", tone="highlight"),
    Badge(_("Accepted"), icon="success", tone="success"),
    Badge(_("Pending"), icon="clock", tone="warning"),
    Badge(_("Refused"), icon="error", tone="danger"),
)


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    return render(
        request,
        "shell/styleguide.html",
        {
            "form": SampleForm(),
            "refused": SampleForm({"email": "pierre@", "days": ["1", "3"], "news": "on"}),
            "trips": _TRIPS,
            "badges": _TONES,
            "people": (_PERSON, PersonLine(name="Anne-Sophie K.", detail=_("Referent"))),
            "page": Paginator(range(1, 240), 10).get_page(request.GET.get("page", 4)),
            "tabs": (
                {"label": _("Adverts"), "url": "#", "current": True, "count": 12},
                {"label": _("Members"), "url": "#members", "current": False, "count": 69},
                {"label": _("News"), "url": "#news", "current": False, "count": None},
            ),
            "crumbs": ((_("Home"), "/"), (_("Communities"), "#"), ("Campus de Beaulieu", "")),
            "steps": (_("Account"), _("About you"), _("Where you live")),
        },
    )
