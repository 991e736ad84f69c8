"""Is the demo ready? Asked as a browser would: every address answers, a search finds something."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

PATIENCE = 60.0


class NotReadyError(Exception):
    """An address that does not answer as it should."""


def fetch(port: int, host: str, path: str = "/") -> bytes:
    """The body of a page, after the redirects a browser would follow on the same host.

    Raises :class:`NotReadyError` on any status but 200.
    """
    for _redirect in range(5):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", path, headers={"Host": f"{host}:{port}"})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        target = urlsplit(answer.getheader("Location") or "")
        if 300 <= answer.status < 400 and target.hostname in (None, host):
            path = target.path + (f"?{target.query}" if target.query else "")
            continue
        if answer.status != 200:
            raise NotReadyError(f"http://{host}:{port}{path} answers {answer.status}")
        return body
    raise NotReadyError(f"http://{host}:{port} redirects for ever")


def found(body: bytes) -> int:
    """How many results an answer of the search API holds."""
    answer = json.loads(body)
    return len(answer["results"] if isinstance(answer, dict) else answer)


def wait(port: int, hosts: Sequence[str], searches: Sequence[tuple[str, str]]) -> None:
    """Return once every host's first page and every (host, path) search is as it should be.

    Raises :class:`NotReadyError` when that does not happen within a minute.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            for host in hosts:
                fetch(port, host)
            for host, path in searches:
                if not found(fetch(port, host, path)):
                    raise NotReadyError(f"http://{host}:{port}{path} finds nothing")
            return
        except ConnectionError as error:
            problem: Exception = error
        except NotReadyError as error:
            # The server answers, only not as it should: waiting will not change it.
            raise error from None
        if time.monotonic() > until:
            raise NotReadyError(str(problem))
        time.sleep(0.1)
