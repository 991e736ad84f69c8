"""« Règles des trajets » of the console: contributions, contacts, CO₂, school holidays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from rides.adverts import access
from rides.adverts.settings import RidesSettings, rides_settings_save, rides_settings_stored

if TYPE_CHECKING:
    _RulesForm = forms.ModelForm[RidesSettings]
else:  # generic for the type checker only
    _RulesForm = forms.ModelForm


class RulesForm(_RulesForm):
    """The region's own rules about rides."""

    class Meta:
        model = RidesSettings
        fields = (
            "suggested_cents_per_km",
            "warn_above_cents_per_km",
            "most_cents_per_km",
            "same_gender_allowed",
            "new_contacts_per_day",
            "school_zone",
            "co2_grams_per_km",
            "co2_source",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, least, most in (
            ("suggested_cents_per_km", 0, 999),
            ("warn_above_cents_per_km", 0, 999),
            ("most_cents_per_km", 0, 999),
            ("new_contacts_per_day", 1, 500),
            ("co2_grams_per_km", 1, 999),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.IntegerField)
            self.fields[name] = forms.IntegerField(
                min_value=least, max_value=most, label=field.label, help_text=field.help_text
            )

    def clean(self) -> dict[str, Any]:
        """Amounts ascend: suggested, warned of, refused above."""
        data = super().clean() or {}
        names = ("suggested_cents_per_km", "warn_above_cents_per_km", "most_cents_per_km")
        suggested, warned, most = (data.get(name) for name in names)
        if suggested is None or warned is None or most is None:
            return data
        if suggested > warned:
            self.add_error(names[1], _("This is below the suggested amount."))
        elif warned > most:
            self.add_error(names[2], _("This is below the amount that is warned of."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, and change them."""
    access.require_manager(request.user)
    data = request.POST if request.method == "POST" else None
    form = RulesForm(data, instance=rides_settings_stored())
    if form.is_bound and form.is_valid():
        rides_settings_save(rules=form.save(commit=False))
        messages.success(request, gettext("The rules are in force."))
        return redirect("rides-console:rules")
    status = 422 if form.is_bound else 200
    return render(request, "adverts/console_rules.html", {"form": form}, status=status)
