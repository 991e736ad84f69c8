"""The Content-Security-Policy of every page: nothing inline, nothing from elsewhere.

Settings import ``CONTENT_SECURITY_POLICY`` (django-csp 4). A region with an outside
tile server adds its origin to ``img-src`` with ``csp.with_images("https://tiles.example.org")``.
"""

from typing import Any, Final

_DIRECTIVES: Final[dict[str, tuple[str, ...]]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    # data: for the SVG that maps and QR codes draw in the page; it can run no script as an image.
    "img-src": ("'self'", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "form-action": ("'self'",),
    "base-uri": ("'none'",),
    "frame-ancestors": ("'none'",),
    "manifest-src": ("'self'",),
}

CONTENT_SECURITY_POLICY: Final[dict[str, Any]] = {
    "DIRECTIVES": {name: list(sources) for name, sources in _DIRECTIVES.items()}
}


def with_images(*origins: str) -> dict[str, Any]:
    """The policy with more origins that images may come from."""
    directives = {name: list(sources) for name, sources in _DIRECTIVES.items()}
    directives["img-src"] += origins
    return {"DIRECTIVES": directives}
