"""``manage.py onboard_region``: a new region, live at once, while the site runs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from branding.themes.models import Theme
from regions.territories.models import AdministrativeRegion
from tenants.errors import ProvisioningError
from tenants.middleware import absolute_url
from tenants.models import Module, Tenant
from tenants.provisioning import ProvisioningRequest, tenant_create

OPTIONS: Final = {
    "name": "--name",
    "slug": "--slug",
    "host": "--host",
    "regions": "--regions",
    "admin_email": "--admin-email",
    "contact_email": "--contact-email",
    "support_email": "--support-email",
    "language": "--language",
    "time_zone": "--time-zone",
    "modules": "--module",
    "theme": "--primary-color, --secondary-color, --landscape, --corners",
}
"""Which option a refused field was given by, in the order in which refusals are told."""

LOOK: Final = {
    "primary_color": "primary",
    "secondary_color": "secondary",
    "landscape": "motif",
    "corners": "radius",
    "tagline": "tagline",
}
"""Options of the look, and the parts of a theme that they are (``branding.themes``)."""


class Command(BaseCommand):
    """Makes a region, or says what is wrong with each option and makes nothing (exit status 2)."""

    help = "Make a new region, live at once. Everything is checked before anything is made."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what the platform team says of a region."""
        parser.add_argument("--name", required=True, help="as people read it: « Bretagne Sud »")
        parser.add_argument("--slug", required=True, help="short name, for ever: bretagne-sud")
        parser.add_argument(
            "--host",
            required=True,
            action="append",
            dest="hosts",
            help="address of its site; may be repeated, the first is the primary one",
        )
        parser.add_argument("--console-host", help="address of its console (admin.<host>)")
        parser.add_argument(
            "--regions", required=True, help="INSEE codes of its administrative regions: 53,52"
        )
        parser.add_argument("--admin-email", required=True, help="its first administrator")
        parser.add_argument("--contact-email", help="for the public (the administrator's)")
        parser.add_argument("--support-email", help="for those who run it (the administrator's)")
        parser.add_argument("--language", default="fr", help="language of its site (fr)")
        parser.add_argument("--time-zone", default="Europe/Paris", help="(Europe/Paris)")
        parser.add_argument(
            "--module",
            action="append",
            dest="modules",
            help="a module to switch on; may be repeated (all of them)",
        )
        look = parser.add_argument_group("look", "by default that of its landscape")
        look.add_argument("--primary-color", metavar="#RRGGBB", help="main colour of the brand")
        look.add_argument("--secondary-color", metavar="#RRGGBB", help="second colour")
        look.add_argument("--landscape", help=", ".join(Theme.Motif.values))
        look.add_argument("--corners", help=", ".join(Theme.Radius.values))
        look.add_argument("--tagline", help="slogan, the heading of its home page")
        parser.add_argument(
            "--preparing", action="store_true", help="only its console answers for now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything, make the region, say what was made and what comes next."""
        request = _request(options)
        started = time.perf_counter()
        try:
            tenant = tenant_create(request)
        except ProgrammingError as refused:
            if "tenants_tenant" not in str(refused):
                raise
            raise CommandError(
                _(
                    "This database has no tables yet: start the demo, or run migrate_schemas and "
                    "load_territories. For a demo started with --data, set PASSERELLE_DATA to the "
                    "same folder."
                ),
                returncode=2,
            ) from None
        except ProvisioningError as refused:
            known = [field for field in OPTIONS if field in refused.fields]
            for field in [*known, *(set(refused.fields) - set(known))]:
                self.stderr.write(f"{OPTIONS.get(field, field)}: {refused.fields[field]}")
            raise CommandError(
                _("No region was made: %(reason)s") % {"reason": refused.message}, returncode=2
            ) from None
        self._report(tenant, request, time.perf_counter() - started)

    def _report(self, tenant: Tenant, request: ProvisioningRequest, seconds: float) -> None:
        names = dict(
            AdministrativeRegion.objects.using("owner")
            .filter(code__in=request.extra["regions"])
            .values_list("code", "name")
        )
        state = _("live") if tenant.is_live else _("in preparation: only its console answers")
        console = absolute_url(request.console_host, "/administration/")
        lines: dict[str, str | Promise] = {
            _("Region"): f"{tenant.name} ({tenant.slug})",
            _("Territory"): ", ".join(
                f"{names[code]} ({code})" for code in request.extra["regions"]
            ),
            _("State"): state,
            _("Site"): "  ".join(absolute_url(host) for host in request.hosts),
            _("Console"): console,
            _("Administrator"): str(request.extra["admin_email"]),
        }
        width = max(len(label) for label in lines)
        self.stdout.write(_("Region made in %(seconds).2f s.") % {"seconds": seconds})
        for label, value in lines.items():
            self.stdout.write(f"  {label:{width}}  {value}")
        self.stdout.write(
            _(
                "Next: %(email)s has been sent a mail that says how to choose a password, "
                "then signs in at %(url)s"
            )
            % {"email": request.extra["admin_email"], "url": console}
        )


def _request(options: Mapping[str, Any]) -> ProvisioningRequest:
    hosts = [host.strip() for host in options["hosts"]]
    extra: dict[str, Any] = {
        "regions": [code.strip() for code in options["regions"].split(",") if code.strip()],
        "admin_email": options["admin_email"].strip(),
    }
    given = ("contact_email", "support_email")
    extra |= {key: options[key].strip() for key in given if options[key]}
    look = {part: options[option] for option, part in LOOK.items() if options[option]}
    if look:
        extra["theme"] = look
    return ProvisioningRequest(
        slug=options["slug"].strip(),
        name=options["name"].strip(),
        hosts=hosts,
        console_host=(options["console_host"] or f"admin.{hosts[0]}").strip(),
        language=options["language"],
        time_zone=options["time_zone"],
        modules=options["modules"] or [module.value for module in Module],
        state=Tenant.State.PREPARING if options["preparing"] else Tenant.State.LIVE,
        extra=extra,
    )
