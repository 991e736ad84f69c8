"""Files from the region's storages. Whatever is not exactly right does not exist: 404."""

from __future__ import annotations

import mimetypes
from datetime import timedelta
from pathlib import PurePosixPath

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from tenants import signing
from tenants.errors import InvalidTokenError
from tenants.storage import LINK_PURPOSE, PRIVATE_LINK_AGE

# What a browser may show by itself. Anything else (HTML, SVG …) could run as a page of ours.
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"})
PUBLIC_AGE = timedelta(minutes=10)


def _answer(storage: str, name: str, cache_control: str) -> FileResponse:
    try:
        handle = storages[storage].open(name, "rb")
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(
        handle,
        as_attachment=content_type not in SHOWN_INLINE,
        filename=PurePosixPath(name).name,
        content_type=content_type,
    )
    response["Cache-Control"] = cache_control
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_not_required
@require_safe
def private(request: HttpRequest, token: str) -> FileResponse:
    """A private file, to whoever holds a link that this region signed less than five minutes ago.

    The link is the permission, as it is on S3: pages give it only to those who may read.
    """
    try:
        name = signing.loads(token, purpose=LINK_PURPOSE, max_age=PRIVATE_LINK_AGE)
    except InvalidTokenError as error:
        raise Http404 from error
    return _answer("private", str(name), "private, no-store")


@login_not_required
@require_safe
def public(request: HttpRequest, name: str) -> FileResponse:
    """A public file of this region, such as a logo."""
    return _answer("public", name, f"public, max-age={int(PUBLIC_AGE.total_seconds())}")
