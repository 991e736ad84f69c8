"""The look that a new region begins with."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from branding.themes.models import Theme
from branding.themes.presets import preset_for
from branding.themes.rules import validate_colour
from branding.themes.services import theme_draft, theme_publish
from tenants.models import Tenant
from tenants.provisioning import ProvisioningRequest

_KEYS = frozenset(
    {"tagline", "primary", "secondary", "motif", "radius", "footer_text", "contact_email"}
)


def default_theme(*, tenant: Tenant, request: ProvisioningRequest, using: str) -> None:
    """Publish a first theme: the landscape's preset, changed by ``extra["theme"]``."""
    preset = preset_for(request.extra.get("regions", ()))
    wanted: dict[str, Any] = {
        "primary": preset.primary,
        "secondary": preset.secondary,
        "motif": preset.motif,
        "radius": preset.radius,
        # « Nous contacter », at the foot of each page.
        "contact_email": request.extra.get("contact_email", ""),
        **request.extra.get("theme", {}),
    }
    draft = theme_draft(name=tenant.name[:60], using=using, **wanted)
    theme_publish(theme=draft, using=using)


def theme_errors(request: ProvisioningRequest) -> Mapping[str, str | Promise]:
    """What is wrong with ``extra["theme"]``, before anything is made."""
    wanted = request.extra.get("theme", {})
    if unknown := sorted(set(wanted) - _KEYS):
        return {"theme": _("Unknown part of a theme: %(names)s.") % {"names": ", ".join(unknown)}}
    for name in ("primary", "secondary"):
        if wanted.get(name):
            try:
                validate_colour(wanted[name])
            except ValidationError as error:
                return {"theme": error.messages[0]}
    if wanted.get("motif", Theme.Motif.ARCHES) not in Theme.Motif.values:
        return {"theme": _("Unknown landscape.")}
    if wanted.get("radius", Theme.Radius.SOFT) not in Theme.Radius.values:
        return {"theme": _("Unknown corner style.")}
    return {}
