"""The logo of a partner's public card."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from core.files.site.views import public as public_file
from regions.pool.queries import partner_cards
from tenants.context import registry_scope, tenant_scope
from tenants.models import Tenant


@login_not_required
@require_safe
def logo(request: HttpRequest, slug: str) -> FileResponse:
    """A partner's logo, from this region's own host: its public file and no table is read."""
    card = next((one for one in partner_cards() if one.slug == slug and one.logo), None)
    if card is None:
        raise Http404("No such partner, or it has no logo.")
    with registry_scope():
        partner = Tenant.objects.get(pk=card.region)
    with tenant_scope(partner):
        return public_file(request, card.logo)
