"""« Règles des communautés » of the console: what holds in all communities of the region."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from communities.communities import access, panels
from communities.communities.validation import (
    CommunitySettings,
    community_settings,
    community_settings_save,
)
from core.accounts.access import is_administrator


class RulesForm(forms.Form):
    """The region's own rules about communities."""

    ask_again_days = forms.IntegerField(
        label=_("Days before a refused person may ask again"),
        min_value=0,
        max_value=3650,
        help_text=_("0: at once."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, and change them; for administrators."""
    access.require_module()
    if not is_administrator(request.user):
        raise Http404("No such room.")
    kept = community_settings()
    form = RulesForm(request.POST or None, initial={"ask_again_days": kept.ask_again_days})
    sections = [(one.label, one.form(request.POST or None)) for one in panels.RULES]
    if form.is_bound and all([form.is_valid(), *(part.is_valid() for _label, part in sections)]):
        with transaction.atomic():
            community_settings_save(rules=CommunitySettings(**form.cleaned_data))
            for _label, part in sections:
                part.save()
        messages.success(request, gettext("The rules are in force."))
        return redirect("communities-console:rules")
    status = 422 if form.is_bound else 200
    return render(
        request,
        "communities/console_rules.html",
        {"form": form, "sections": sections},
        status=status,
    )
