"""« Mes notifications »."""

from __future__ import annotations

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.access import signed_in
from rides.adverts.access import require_module
from rides.conversations.notices import preferences_of
from rides.conversations.site.forms import PreferencesForm


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Which mails, and at what hours not."""
    require_module()
    account = signed_in(request)
    data = request.POST if request.method == "POST" else None
    form = PreferencesForm(data, initial=model_to_dict(preferences_of(account)))
    if form.is_bound and form.is_valid():
        form.save(account)
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:preferences")
    status = 422 if form.is_bound else 200
    return render(request, "conversations/preferences.html", {"form": form}, status=status)
