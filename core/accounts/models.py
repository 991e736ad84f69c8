"""State of a person in one region: account, roles, dated consents; and the region's own rules.

The same tables exist in the public schema, where accounts are platform operators.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models, router
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts import guests, readers
from core.accounts.deletion import SchemaCollector
from core.accounts.managers import AccountManager, normalise_email
from core.singletons import row_in_force
from tenants.context import current_scope

E164 = RegexValidator(r"^\+[1-9][0-9]{6,14}$", _("A telephone number such as +33612345678."))


class Account(AbstractBaseUser):
    """A person in one region, or a platform operator in the public schema.

    No ``PermissionsMixin``: members' rights are ``RoleAssignment`` rows, never permission rows.
    Addresses (URLs) show ``public_id``, never the primary key.
    """

    class Title(models.TextChoices):
        """« Civilité »."""

        MRS = "mrs", _("Ms")
        MR = "mr", _("Mr")
        OTHER = "other", _("Other")

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("This address is already used.")}
    )
    phone = models.CharField(_("telephone"), max_length=16, blank=True, validators=[E164])
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    title = models.CharField(_("civil title"), max_length=5, choices=Title.choices, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    residence_code = models.CharField(
        _("municipality of residence (INSEE code)"), max_length=5, blank=True
    )
    language = models.CharField(_("language"), max_length=5, blank=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Unticked: suspended, cannot sign in.")
    )
    is_platform_operator = models.BooleanField(_("platform operator"), default=False)
    created_at = models.DateTimeField(_("registered on"), default=timezone.now, editable=False)
    guest_from = models.CharField(
        _("partner region that this person is from"), max_length=60, blank=True, db_default=""
    )
    """Not empty: a member of another region, known here for what they share with one of ours. They
    have no way in (never active), no address, and no name until both have agreed."""

    objects: ClassVar[AccountManager] = AccountManager()
    """Without guests: they are in no list, no count, and no mail goes to them."""
    everybody: ClassVar[models.Manager[Account]] = models.Manager()
    """Guests as well; what refers to a person (``booking.driver``) finds them too."""

    #: Remembered by ``access.reach_of`` for the life of this instance (a request): role → limits.
    held_roles: dict[str, tuple[str, ...]] | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="account_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(guest_from="") | Q(is_active=False, is_platform_operator=False),
                name="account_guest_has_no_way_in",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def clean(self) -> None:
        """Bring the address to its stored form before validation."""
        self.email = normalise_email(self.email)

    # --- names ----------------------------------------------------------------------------------
    @property
    def display_name(self) -> str:
        """The name that the reader sees: « Pierre L. ».

        « Membre de … » for somebody of a partner region who has not told this reader (``readers``).
        """
        if self.is_guest and not (self.short_name and readers.names(self.pk)):
            return guests.nameless(self.guest_from)
        return self.short_name or gettext("Someone")

    @property
    def is_guest(self) -> bool:
        """Whether the person is of a partner region; nobody is who is not stored yet."""
        return self.pk is not None and bool(self.guest_from)

    @property
    def short_name(self) -> str:
        """« Pierre L. », whoever reads; empty for somebody without a name."""
        first, last = self.first_name.strip(), self.last_name.strip()
        return f"{first} {last[0].upper()}." if first and last else first or last

    @property
    def full_name(self) -> str:
        """First and last name, for the person themself and for administrators."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_full_name(self) -> str:
        """Return the full name (Django's admin asks)."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the first name (Django's admin asks)."""
        return self.first_name or self.display_name

    # --- Django's admin: platform operators on the platform's host only ---------------------------
    @property
    def is_staff(self) -> bool:
        """Whether the account may open Django's admin: an active operator, on the platform."""
        return self.is_active and self.is_platform_operator and current_scope().kind == "platform"

    @property
    def is_superuser(self) -> bool:
        """Operators may do everything that the admin offers."""
        return self.is_staff

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the admin may offer an action."""
        return self.is_staff

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        """Whether the admin may offer several actions."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the admin may show an app."""
        return self.is_staff

    # --- sessions and deletion -------------------------------------------------------------------
    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # The scope is part of the hash: a session row copied to another region is worth nothing.
        return salted_hmac(
            f"passerelle.session.{current_scope().key}",
            f"{self.public_id}{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def delete(
        self, using: str | None = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        """Delete the account and what hangs on it in this schema (see ``deletion``)."""
        if self.pk is None:
            raise ValueError("This account has never been saved.")
        using = using or router.db_for_write(type(self), instance=self)
        collector = SchemaCollector(using=using, origin=self)
        collector.collect([self], keep_parents=keep_parents)
        deleted: tuple[int, dict[str, int]] = collector.delete()
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]


class RoleAssignment(models.Model):
    """A right that an account holds in its region. Roles in a community live with communities."""

    class Role(models.TextChoices):
        """What a person is in the region."""

        ADMINISTRATOR = "administrator", _("Administrator")
        COMMUNITY_MANAGER = "community_manager", _("Community manager")
        COMMUNICATION = "communication", _("Communication manager")
        ANALYST = "analyst", _("Analyst")

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="roles", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    territories = ArrayField(
        models.CharField(max_length=9),
        verbose_name=_("territories"),
        default=list,
        db_default=[],
        blank=True,
    )
    """Codes of départements and intercommunalities it is limited to; empty: the whole region."""
    granted_at = models.DateTimeField(_("granted on"), auto_now_add=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "role"], name="role_once_per_account")
        ]

    def __str__(self) -> str:
        return self.role


class Consent(models.Model):
    """A dated fact: the person agreed to a version of something, and perhaps withdrew since.

    Rows are never rewritten: agreeing again after a withdrawal is a new row.
    """

    class Kind(models.TextChoices):
        """What was agreed to."""

        CHARTER = "charter", _("Charter and data policy")
        NEWS = "news", _("Service news by e-mail")

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="consents", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField(_("given on"))
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering: ClassVar[list[str]] = ["given_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "kind", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_once_while_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"

    @property
    def holds(self) -> bool:
        """Whether it has not been withdrawn."""
        return self.withdrawn_at is None


class AccountSettings(models.Model):
    """The region's own rules about accounts; at most one row, defaults without it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    minors_allowed = models.BooleanField(_("people under 18 may register"), default=False)
    second_factor_required = models.BooleanField(
        _("administrators sign in with a second factor"), default=True, db_default=True
    )
    charter_version = models.CharField(
        _("version of the charter and data policy"), max_length=20, default="1"
    )

    class Meta:
        verbose_name = _("account rules")
        verbose_name_plural = _("account rules")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="account_settings_one_row")
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> AccountSettings:
        """Return the rules in force here; unsaved defaults when none were set."""
        return row_in_force(cls)
