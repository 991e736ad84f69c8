"""The first administrator of a new region: made with it, told by mail how to sign in."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.models import RoleAssignment
from core.accounts.services import AccountDraft, account_create_verified, role_grant
from core.notifications.hosts import console_url
from core.notifications.services import mail_send_now
from tenants.context import tenant_scope
from tenants.models import Tenant
from tenants.provisioning import ProvisioningRequest

logger = logging.getLogger(__name__)


def _address(request: ProvisioningRequest) -> str:
    return str(request.extra.get("admin_email") or "").strip()


def validate(request: ProvisioningRequest) -> Mapping[str, str | Promise]:
    """Refuse an address that cannot receive mail, before anything is made."""
    if "admin_email" not in request.extra:
        return {}
    try:
        validate_email(_address(request))
    except ValidationError:
        return {"admin_email": _("Enter the e-mail address of the first administrator.")}
    return {}


def create(*, tenant: Tenant, request: ProvisioningRequest, using: str) -> None:
    """Make the account, without a password, and send the mail once the region is committed.

    The address counts as verified: the platform team gave it, and only who reads the mailbox can
    choose the password (by « Mot de passe oublié »).
    """
    email = _address(request)
    if not email:
        return
    account = account_create_verified(
        draft=AccountDraft(
            email=email,
            first_name=str(request.extra.get("admin_first_name", "")),
            last_name=str(request.extra.get("admin_last_name", "")),
            language=request.language,
        ),
        using=using,
    )
    role_grant(account=account, role=RoleAssignment.Role.ADMINISTRATOR, using=using)

    def tell() -> None:
        # At once: the command that makes a region ends before a worker would hear of it.
        with tenant_scope(tenant):
            path = reverse("account_reset_password")
            try:
                mail_send_now(
                    template="accounts/mails/first_administrator",
                    to=account.email,
                    context={"reset_url": console_url(path), "region": tenant.name},
                    language=request.language,
                )
            except (OSError, smtplib.SMTPException):
                logger.warning("the mail to the first administrator could not be sent")

    transaction.on_commit(tell, using=using)
