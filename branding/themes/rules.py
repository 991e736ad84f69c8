"""What a theme's parts must look like."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from branding.themes.palette import normalise_hex


def validate_colour(value: str) -> None:
    """Refuse what is not ``#rrggbb``."""
    try:
        if normalise_hex(value) == value.lower():
            return
    except ValueError:
        pass
    raise ValidationError(_("Write a colour as # and six digits, for example #0b6e75."))


def validate_links(value: Any) -> None:
    """Refuse what is not a list of at most 12 pairs of a label and an https or local address."""
    if not isinstance(value, list) or len(value) > 12:
        raise ValidationError(_("At most 12 links."))
    for link in value:
        if not (
            isinstance(link, dict)
            and set(link) == {"label", "url"}
            and all(isinstance(text, str) and 0 < len(text) <= 300 for text in link.values())
            and (link["url"].startswith("https://") or _is_local(link["url"]))
        ):
            raise ValidationError(_("A link has a label and an address that starts with https://."))


def _is_local(address: str) -> bool:
    # "//host" and "/\host" leave the site although they begin with a slash.
    return address.startswith("/") and not address.startswith(("//", "/\\"))
