"""The registry of regions: which exist, on which hosts, with which modules."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tenants.models import TenantMixin

SCHEMA_PREFIX = "t_"
SLUG_PATTERN = re.compile(r"^[a-z][a-z0-9-]{1,28}[a-z0-9]$")
# Names that a host, a schema, a role or a storage prefix must never take.
RESERVED_SLUGS = frozenset(
    {
        *("admin", "administration", "api", "public", "platform", "mail", "www", "static", "media"),
        *("template", "tenant", "tenants", "common", "owner", "web", "postgres", "passerelle"),
        *("information-schema", "localhost", "test", "support", "contact"),
    }
)


class Module(models.TextChoices):
    """What a region may switch on; a region can live without carpooling."""

    CARPOOLING = "carpooling", _("Carpooling")
    COMMUNITIES = "communities", _("Communities")


def schema_for(slug: str) -> str:
    """Return the schema name of a slug: ``bretagne-sud`` → ``t_bretagne_sud`` (≤ 32 characters)."""
    return SCHEMA_PREFIX + slug.replace("-", "_")


def validate_slug(slug: str) -> None:
    """Refuse a malformed or reserved slug with ``ValidationError``."""
    if not SLUG_PATTERN.fullmatch(slug):
        raise ValidationError(
            _("3 to 30 lower-case letters, digits or hyphens, beginning with a letter."),
            code="slug_invalid",
        )
    if slug in RESERVED_SLUGS or slug.startswith("pg-"):
        raise ValidationError(_("This short name is reserved."), code="slug_reserved")


class Tenant(TenantMixin):
    """One region: a schema, a role, hosts and modules."""

    class State(models.TextChoices):
        """``preparing``: only its console answers. ``live``: its site is public."""

        PREPARING = "preparing", _("Preparing")
        LIVE = "live", _("Live")

    auto_create_schema = False  # provisioning does it, in one transaction
    auto_drop_schema = False

    # Ours comes from a validated slug; the stock validator would tie migrations to a library.
    schema_name = models.CharField(_("schema"), max_length=63, unique=True)
    slug = models.CharField(_("short name"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PREPARING
    )
    modules = models.JSONField(_("modules"), default=list)
    language = models.CharField(_("language"), max_length=5, default="fr")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    class Meta:
        verbose_name = _("region (tenant)")
        verbose_name_plural = _("regions (tenants)")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a malformed or reserved slug (here: a validator would enter the migrations)."""
        super().clean()
        try:
            validate_slug(self.slug)
        except ValidationError as error:
            raise ValidationError({"slug": error}) from error

    @property
    def is_live(self) -> bool:
        """Whether the public site answers."""
        return self.state == self.State.LIVE

    def has_module(self, module: str) -> bool:
        """Whether a module is switched on."""
        return module in self.modules

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row only: schemas are made by provisioning, never by a save."""
        models.Model.save(self, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row only: the schema goes with ``provisioning.tenant_remove``."""
        return models.Model.delete(self, *args, **kwargs)

    def __enter__(self) -> Any:
        from tenants.errors import TenancyDoorError

        raise TenancyDoorError("with tenant:")

    def activate(self) -> None:
        """Refused: the stock door keeps its state on the class, shared by all threads."""
        from tenants.errors import TenancyDoorError

        raise TenancyDoorError("Tenant.activate()")


HOST_VALIDATOR = RegexValidator(
    r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    _("A host name such as covoiturage.example.org, in lower case, without port or path."),
)


class Domain(models.Model):
    """A host that answers for a region. One primary site host; the other site hosts redirect."""

    class Kind(models.TextChoices):
        """What the host serves."""

        SITE = "site", _("Member site")
        CONSOLE = "console", _("Administration console")

    host = models.CharField(_("host"), max_length=253, unique=True, validators=[HOST_VALIDATOR])
    tenant = models.ForeignKey(
        Tenant, on_delete=models.CASCADE, related_name="domains", verbose_name=_("region")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.SITE)
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ["host"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind"],
                condition=Q(is_primary=True),
                name="domain_one_primary_per_kind",
            )
        ]

    def __str__(self) -> str:
        return self.host

    # django-tenants calls the host "domain".
    @property
    def domain(self) -> str:
        """The host, under the name that django-tenants uses."""
        return self.host


class TemplateDump(models.Model):
    """The empty, always migrated template schema as SQL; one row, kept by ``migrate_schemas``."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)
    sql = models.TextField()
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("template of a region")

    def __str__(self) -> str:
        return self.fingerprint
