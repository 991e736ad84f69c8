"""What letters refuse."""

from __future__ import annotations

from tenants.errors import PasserelleError


class LetterError(PasserelleError):
    """``no_agreement``: no agreement in force shares anything with this region now."""

    status = 409
