"""What the pooling of communities refuses."""

from __future__ import annotations

from tenants.errors import PasserelleError


class PooledError(PasserelleError):
    """An act on a pool that does not hold; its code says which.

    ``with_itself``, ``no_agreement``, ``unknown_community``, ``already_pooled``,
    ``already_together``, ``region_already_in``, ``already_proposed``, ``not_waiting``,
    ``not_pooled``, ``name_invalid``, ``community_closed``.
    """

    status = 409
