"""Operators of the platform, in the plain back office (public schema, platform host only)."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from core.accounts.deletion import SchemaCollector
from core.accounts.managers import normalise_email
from core.accounts.models import Account

# allauth's own page would offer to mark any address as verified.
if admin.site.is_registered(EmailAddress):
    admin.site.unregister(EmailAddress)


class _Nested(SchemaCollector, NestedObjects):
    """The admin's « what goes with it », without the tables of other schemas."""


class _AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Account
        fields = ("email", "first_name", "last_name", "is_active")

    def clean_email(self) -> str:
        """Return the address in its stored form."""
        return normalise_email(self.cleaned_data["email"])


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Operators of the platform; a new one chooses a password by « Mot de passe oublié »."""

    form = _AccountForm
    list_display = ("email", "full_name", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Make a new one an operator without a password, with a verified address."""
        if not change:
            obj.is_platform_operator = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        EmailAddress.objects.filter(user_id=obj.pk).exclude(email=obj.email).delete()
        EmailAddress.objects.update_or_create(
            user=obj, email=obj.email, defaults={"verified": True, "primary": True}
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say what goes, asking only the tables that exist here."""
        collector = _Nested(using="default")
        collector.collect(objs)

        def line(obj: models.Model) -> str:
            return f"{capfirst(str(obj._meta.verbose_name))}: {obj}"

        found: dict[Any, Any] = collector.model_objs  # the stubs say names, it holds classes
        counts = {model._meta.verbose_name_plural: len(rows) for model, rows in found.items()}
        return collector.nested(line), counts, set(), collector.protected
