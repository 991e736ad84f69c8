"""What the services of accounts refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants.errors import PasserelleError


class EmailTakenError(PasserelleError):
    """The address belongs to an account of this region."""

    status = 409

    def __init__(self) -> None:
        text = _("This address already has an account. Sign in instead.")
        super().__init__(text, code="email_taken", fields={"email": text})


class LastAdministratorError(PasserelleError):
    """The region would be left without an administrator."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("You are the only administrator of this region. Name another one first."),
            code="last_administrator",
        )


class ConsentNotHeldError(PasserelleError):
    """There is nothing to withdraw."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("This consent is not given, or was withdrawn."), code="consent_not_held")


class SecondFactorRequiredError(PasserelleError):
    """The region asks its administrators for a second factor."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Your region asks its administrators for two-step sign-in."),
            code="second_factor_required",
        )


class OwnSuspensionError(PasserelleError):
    """Nobody suspends themself."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("You cannot suspend your own account."), code="own_suspension")
