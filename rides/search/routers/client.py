"""Asking the router: answers are kept in the region's cache, and nobody waits for more than 3 s."""

from __future__ import annotations

import hashlib
import http.client
import json
import time
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache

from rides.matching.geometry import Point
from rides.search.routers.formats import FORMATS, Ask, Drive

LIMIT_S: Final = 3.0
"""All the questions of one page together."""
KEPT_S: Final = 7 * 24 * 3600
"""Roads change little in a week."""
LARGEST: Final = 1_000_000
"""An answer longer than this is no answer."""


class RouterError(Exception):
    """The router gave no route in time."""


class Router:
    """The router of ``PASSERELLE_ROUTER_URL``, for one page: it shares the time limit."""

    def __init__(self, url: str, kind: str, *, limit: float = LIMIT_S) -> None:
        self._url, self._format = urlsplit(url), FORMATS[kind]
        self._until = time.monotonic() + limit
        self._link: http.client.HTTPConnection | None = None

    def drive(self, places: Sequence[Point]) -> Drive:
        """The drive through places in order. Raises ``RouterError``."""
        ask = self._format.ask(places)
        key = f"drive:{hashlib.sha256(repr((self._url, ask)).encode()).hexdigest()}"
        known = cache.get(key)
        if known is not None:
            return Drive(*known)
        try:
            found = self._format.read(json.loads(self._answer(ask)))
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
            self.close()
            raise RouterError(type(error).__name__) from error
        cache.set(key, tuple(found), KEPT_S)
        return found

    def _answer(self, ask: Ask) -> bytes:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self._link is None:
            kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
            self._link = kinds[self._url.scheme](self._url.netloc, timeout=left)
        if self._link.sock is not None:
            self._link.sock.settimeout(left)
        body = None if ask.body is None else json.dumps(ask.body)
        headers = {"Accept": "application/json"} | (
            {"Content-Type": "application/json"} if body else {}
        )
        self._link.request(
            "POST" if body else "GET", self._url.path.rstrip("/") + ask.path, body, headers
        )
        answer = self._link.getresponse()
        text = answer.read(LARGEST)
        if answer.status != 200:
            raise ValueError(answer.status)
        return text

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._link is not None:
            self._link.close()
            self._link = None


def router() -> Router | None:
    """The router that this installation names; None for straight lines."""
    if not settings.ROUTER_URL:
        return None
    return Router(settings.ROUTER_URL, settings.ROUTER_KIND)
