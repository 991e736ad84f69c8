"""Signed and sealed values bound to a region and a purpose: elsewhere, they are forgeries.

The only door to ``django.core.signing`` (others are banned by lint). What is signed may be read by
whoever holds it; what is sealed may not. Both keys follow from the one secret of the installation.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import signing

from tenants.context import current_scope
from tenants.errors import InvalidTokenError


def _salt(purpose: str) -> str:
    return f"passerelle:{current_scope().key}:{purpose}"


def dumps(value: Any, *, purpose: str) -> str:
    """Sign a JSON value for the current region and one purpose; URL-safe."""
    return signing.dumps(value, salt=_salt(purpose), compress=True)


def loads(token: str, *, purpose: str, max_age: timedelta) -> Any:
    """Return the value of a token; raise ``InvalidTokenError`` when it is not ours or too old."""
    try:
        return signing.loads(token, salt=_salt(purpose), max_age=max_age)
    except signing.BadSignature as error:
        raise InvalidTokenError from error


def seal(text: str, *, purpose: str) -> str:
    """Return the text as only this region can read it, for one purpose; for what is stored."""
    return _seals(purpose).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, *, purpose: str) -> str:
    """Return the text that was sealed; raise ``InvalidTokenError`` when it is not ours."""
    try:
        return _seals(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise InvalidTokenError from error


def _seals(purpose: str) -> MultiFernet:
    """Seal with the present secret; read what former ones sealed, as signatures are."""
    info = f"sealed:{_salt(purpose)}".encode()
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (HKDF(SHA256(), length=32, salt=None, info=info).derive(s.encode()) for s in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
