"""A test client that looks at what it gets, as a browser with our policy would."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>", re.I)
_INLINE_STYLE = re.compile(r"<style\b|<[a-z][^>]*\sstyle\s*=", re.I)
_HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I)
# Not "}}": JSON in an attribute ends so; a variable that was not rendered begins with "{{".
_UNRENDERED = re.compile(r"\{\{|\{%|%\}")


def complaints(html: str) -> list[str]:
    """Return what a page of ours must never contain."""
    found = []
    for name, pattern in (
        ("inline script", _INLINE_SCRIPT),
        ("inline style", _INLINE_STYLE),
        ("inline handler", _HANDLER),
        ("unrendered template", _UNRENDERED),
    ):
        match = pattern.search(html)
        if match:
            found.append(f"{name}: {html[max(0, match.start() - 40) : match.end() + 60]!r}")
    return found


class StrictClient(Client):
    """Talks to one host; refuses inline script and style, raw templates and lost policies."""

    def __init__(self, host: str, **options: Any) -> None:
        super().__init__(headers={"host": host}, **options)
        self.host = host

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        response = super().request(**request)
        content_type = response.headers.get("Content-Type", "")
        if content_type.startswith("text/html") and not getattr(response, "streaming", False):
            html = response.content.decode()
            assert not complaints(html), complaints(html)
            if html:
                policy = response.headers.get("Content-Security-Policy", "")
                assert "default-src 'none'" in policy, f"no strict policy: {policy!r}"
                assert "unsafe" not in policy, policy
        return response
