"""Logos that people send: looked at, re-encoded, made small. Nothing sent is kept as it was.

Re-encoding drops whatever rides along (places, scripts in comments, files in files). SVG is a
program and is refused.
"""

from __future__ import annotations

import hashlib
import io
from typing import Final, Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from communities.communities.errors import LogoRefusedError

MIN_SIDE: Final = 200
"""Pixels, width and height."""
MAX_BYTES: Final = 4 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
"""A picture that unpacks to more is a trap or a mistake."""
KEPT_SIDE: Final = 512
"""Pixels of the longer side that we keep."""
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")


class Upload(Protocol):
    """A file that was sent."""

    size: int | None

    def read(self, num_bytes: int | None = None, /) -> bytes:
        """Return its bytes."""

    def seek(self, position: int, whence: int = 0, /) -> object:
        """Go to a byte."""


def logo_encode(upload: Upload) -> bytes:
    """Return the picture as WebP, upright, at most ``KEPT_SIDE`` pixels wide and high.

    Raises ``LogoRefusedError`` when it is too heavy, too small, or no PNG, JPEG, WebP or GIF.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise LogoRefusedError(_("This picture weighs more than 4 MB. Choose a lighter one."))
    upload.seek(0)
    content = upload.read()
    if len(content) > MAX_BYTES:
        raise LogoRefusedError(_("This picture weighs more than 4 MB. Choose a lighter one."))
    unreadable = LogoRefusedError(
        _("This file cannot be read as a picture. Send a PNG, JPEG, WebP or GIF file.")
    )
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as source:
            width, height = source.size
            if min(width, height) < MIN_SIDE:
                raise LogoRefusedError(
                    _(
                        "This picture measures %(width)s × %(height)s pixels. "
                        "It takes at least 200 × 200."
                    )
                    % {"width": width, "height": height}
                )
            if width * height > MAX_PIXELS:
                raise LogoRefusedError(_("This picture has too many pixels. Choose a smaller one."))
            picture = ImageOps.exif_transpose(source)
            has_alpha = "A" in picture.getbands() or "transparency" in picture.info
            picture = picture.convert("RGBA" if has_alpha else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise LogoRefusedError(
            _("This picture has too many pixels. Choose a smaller one.")
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        # Pillow's ways of saying that a file is broken or of another kind.
        raise unreadable from None
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    picture.save(encoded, "WEBP", quality=88, method=4)
    return encoded.getvalue()


def logo_store(content: bytes, *, public_id: object) -> str:
    """Keep an encoded logo in the region's public storage; return its key.

    The name follows the content, so a browser may keep it for ever.
    """
    digest = hashlib.blake2b(content, digest_size=6).hexdigest()
    name = f"communities/{public_id}/{digest}.webp"
    return str(storages["public"].save(name, ContentFile(content)))
