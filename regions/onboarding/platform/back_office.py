"""Django's admin in our tokens, for platform operators: the registry of regions and their hosts.

It exists in the platform's URLs only. It changes rows, never schemas: regions are made and removed
by commands, with the owner's login.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.access import is_platform_operator
from regions.onboarding.models import RegionProfile
from regions.onboarding.services import domain_make_primary
from tenants.middleware import forget_addresses
from tenants.models import Domain, Module, Tenant

# Django's own classes take no type argument when they run.
if TYPE_CHECKING:
    _TenantForm = forms.ModelForm[Tenant]
    _DomainForm = forms.ModelForm[Domain]
    _TenantAdmin = admin.ModelAdmin[Tenant]
    _DomainAdmin = admin.ModelAdmin[Domain]
    _ProfileAdmin = admin.ModelAdmin[RegionProfile]
else:
    _TenantForm = _DomainForm = forms.ModelForm
    _TenantAdmin = _DomainAdmin = _ProfileAdmin = admin.ModelAdmin

_LEFT_OUT = frozenset({"password_change", "password_change_done", "view_on_site"})
"""Pages that the platform has elsewhere, or not at all."""


class BackOffice(admin.AdminSite):
    """The admin of the platform's host; people sign in where everybody does."""

    site_header = gettext_lazy("Passerelle: back office")
    site_title = gettext_lazy("Back office")
    index_title = gettext_lazy("Registry of regions")
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person is an active operator."""
        return is_platform_operator(request.user)

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead visitors to the platform's sign-in, operators in; for anyone else: 404."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise Http404("For platform operators.")
        return redirect_to_login(request.GET.get("next") or "/admin/")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the platform's sign-out, which asks first."""
        return redirect("account_logout")

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Return the admin's addresses without those of accounts."""
        return [url for url in super().get_urls() if getattr(url, "name", None) not in _LEFT_OUT]


site = BackOffice(name="admin")


class TenantForm(_TenantForm):
    """Modules as boxes, the language as a list."""

    modules = forms.MultipleChoiceField(
        label=gettext_lazy("modules"),
        choices=Module.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("language"), choices=settings.LANGUAGES)

    class Meta:
        model = Tenant
        fields: ClassVar[list[str]] = ["name", "state", "modules", "language", "time_zone"]


@admin.register(Tenant, site=site)
class TenantAdmin(_TenantAdmin):
    """Regions: what may change after they are made."""

    form = TenantForm
    list_display = ("name", "slug", "state", "language", "created_at")
    list_filter = ("state",)
    search_fields = ("name", "slug")
    readonly_fields = ("slug", "schema_name", "created_at")
    fields = (
        "name",
        "slug",
        "schema_name",
        "state",
        "modules",
        "language",
        "time_zone",
        "created_at",
    )
    view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No: a region is a schema and a role too; ``manage.py onboard_region`` makes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        """No: removing a region removes people's data."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Tenant, form: forms.ModelForm[Tenant], change: bool
    ) -> None:
        """Save, and let this process see it at once (others do within seconds)."""
        super().save_model(request, obj, form, change)
        forget_addresses()


class DomainForm(_DomainForm):
    """A host of a region."""

    class Meta:
        model = Domain
        fields: ClassVar[list[str]] = ["host", "tenant", "kind"]

    def clean_host(self) -> str:
        """Refuse the platform's own hosts."""
        host: str = self.cleaned_data["host"]
        if host in {settings.PLATFORM_HOST, settings.MAIL_HOST}:
            raise ValidationError(_("The host %(host)s is taken.") % {"host": host})
        return host


@admin.register(Domain, site=site)
class DomainAdmin(_DomainAdmin):
    """Hosts: a new one redirects to the primary one until it is made primary itself."""

    form = DomainForm
    list_display = ("host", "tenant", "kind", "is_primary")
    list_filter = ("kind", "is_primary", "tenant")
    list_select_related = ("tenant",)
    search_fields = ("host", "tenant__name")
    fields = ("host", "tenant", "kind", "is_primary")
    actions = ("make_primary",)
    view_on_site = False

    def get_readonly_fields(self, request: HttpRequest, obj: Domain | None = None) -> list[str]:
        """A host never moves to another region or another use: it is removed and made again."""
        return ["is_primary"] if obj is None else ["tenant", "kind", "is_primary"]

    def has_delete_permission(self, request: HttpRequest, obj: Domain | None = None) -> bool:
        """Not the primary host: the region would answer nowhere."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_primary)

    def get_actions(self, request: HttpRequest) -> Any:
        """Return the actions without the one that deletes many: it asks no host."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description=gettext_lazy("Make primary"))
    def make_primary(self, request: HttpRequest, queryset: QuerySet[Domain]) -> None:
        """Make the chosen host the one that the others redirect to."""
        if queryset.count() != 1:
            self.message_user(request, _("Choose one host."), messages.ERROR)
            return
        domain = queryset.get()
        domain_make_primary(domain=domain)
        self.log_change(request, domain, [{"changed": {"fields": ["is_primary"]}}])
        self.message_user(request, _("%(host)s is primary now.") % {"host": domain.host})

    def save_model(
        self, request: HttpRequest, obj: Domain, form: forms.ModelForm[Domain], change: bool
    ) -> None:
        """Save; the first host of its kind is primary."""
        if not change:
            obj.is_primary = not Domain.objects.filter(
                tenant=obj.tenant, kind=obj.kind, is_primary=True
            ).exists()
        super().save_model(request, obj, form, change)
        forget_addresses()


@admin.register(RegionProfile, site=site)
class RegionProfileAdmin(_ProfileAdmin):
    """What regions are to people; one each, made with the region."""

    list_display = ("tenant", "region_codes", "contact_email", "support_email")
    list_select_related = ("tenant",)
    search_fields = ("tenant__name",)
    readonly_fields = ("tenant",)
    fields = ("tenant", "region_codes", "contact_email", "support_email")
    view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No: it is made with the region."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RegionProfile | None = None) -> bool:
        """No: pages read it."""
        return False
