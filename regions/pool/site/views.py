"""The logo of a partner's public card."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from core.files.site.views import public as public_file
from regions.pool.queries import partner_logo
from tenants.context import registry_scope, tenant_scope
from tenants.models import Tenant


@login_not_required
@require_safe
def logo(request: HttpRequest, slug: str) -> FileResponse:
    """A partner's logo, from this region's own host: its public file and no table is read.

    Of whoever shares anything with this region now (adverts, communities, statistics).
    """
    found = partner_logo(slug)
    if found is None:
        raise Http404("No such partner, or it has no logo.")
    key, name = found
    with registry_scope():
        partner = Tenant.objects.get(pk=key)
    with tenant_scope(partner):
        return public_file(request, name)
