"""« Paramètres » of the region: who may register, how administrators sign in."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.accounts import access
from core.accounts.models import AccountSettings
from core.accounts.services import account_rules_save
from core.audit import queries as history
from core.shell.forms import Switch
from tenants.context import current_tenant

HISTORY_ROWS = 20


class RulesForm(forms.Form):
    """The region's own rules about accounts."""

    second_factor_required = forms.BooleanField(
        label=_("Ask administrators for two-step sign-in"),
        required=False,
        widget=Switch,
        help_text=_("They open the console with a code of an application besides their password."),
    )
    minors_allowed = forms.BooleanField(
        label=_("People from 16 to 18 may register"), required=False, widget=Switch
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, and change them."""
    account = access.signed_in(request)
    if not access.is_administrator(account):
        raise Http404("Not for this role.")
    now = AccountSettings.current()
    initial = {
        "second_factor_required": now.second_factor_required,
        "minors_allowed": now.minors_allowed,
    }
    form = RulesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        account_rules_save(**form.cleaned_data, by=account)
        messages.success(request, gettext("The settings of the region are saved."))
        return redirect("accounts-settings:rules")
    entries = history.entries_of("region", current_tenant().pk)
    page = Paginator(entries, HISTORY_ROWS).get_page(request.GET.get("page"))
    lines = [history.line_of(entry) for entry in page.object_list]
    return render(
        request, "accounts/console_rules.html", {"form": form, "page": page, "lines": lines}
    )
