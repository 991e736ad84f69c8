"""What agreements refuse."""

from __future__ import annotations

from tenants.errors import PasserelleError


class AgreementError(PasserelleError):
    """An act that does not hold: ``invalid_agreement`` with its fields, or one of the codes below.

    ``wrong_state``, ``version_changed``, ``already_signed``, ``not_yours_to_resume``.
    """

    status = 409
