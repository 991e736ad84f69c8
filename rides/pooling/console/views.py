"""« Mutualisation des annonces »: whether members may offer their adverts to partner regions."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.accounts.access import signed_in
from core.audit.services import record as audit
from core.shell.forms import Switch
from regions.pool.queries import partner_names
from rides.adverts import access
from rides.pooling import tasks
from rides.pooling.models import SharedAdvert, pooling_enabled_stored, pooling_switch


class SwitchForm(forms.Form):
    """One switch."""

    enabled = forms.BooleanField(
        label=_("Members may offer their adverts to partner regions"),
        required=False,
        widget=Switch(),
        help_text=_("Each decides for each advert; nothing leaves before they say yes."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """Show the switch and how many adverts leave the region; turn it."""
    access.require_manager(request.user)
    enabled = pooling_enabled_stored()
    form = SwitchForm(request.POST or None, initial={"enabled": enabled})
    if request.method == "POST":
        form = SwitchForm(request.POST)
        form.full_clean()
        wanted = bool(form.cleaned_data["enabled"])
        pooling_switch(enabled=wanted)
        audit(
            actor=signed_in(request),
            action="pooling.switched",
            kind="region",
            object_id="pooling",
            changes={"enabled": (enabled, wanted)},
        )
        tasks.rebuild.enqueue()
        messages.success(request, gettext("The choice of your region is in force."))
        return redirect("pooling-console:switch")
    context = {
        "form": form,
        "partners": partner_names(),
        "shared": SharedAdvert.objects.filter(shared=True).count(),
    }
    return render(request, "pooling/console_switch.html", context)
