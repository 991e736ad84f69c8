"""The web server, and ``manage.py serve``, ``worker`` and ``beat`` for real servers.

Gunicorn with threads: a request spends its time waiting for the database, so a few threads per
process serve better than more processes. Everything is read from the environment; README.md
beside this file lists what a real server sets.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

from deploy.environment import SETTINGS

COMMON: dict[str, Any] = {
    "worker_class": "gthread",
    "threads": 4,
    "timeout": 60,
    "graceful_timeout": 30,
    # Longer than a reverse proxy keeps its own (60 s): it never asks over one that just closed.
    "keepalive": 75,
    # Its control socket would be one more way in.
    "control_socket_disable": True,
    # The tenant's log filter and the scrubbing formatter are Django's; gunicorn only warns.
    "loglevel": "warning",
}


class Server(BaseApplication):
    """Gunicorn with these settings, serving ``core.wsgi``.

    ``watch`` is asked about once a second, and whenever a child ends; what it returns, if it
    does, is why the server stops with a failure.
    """

    def __init__(
        self, settings: dict[str, Any], watch: Callable[[], str | None] | None = None
    ) -> None:
        self._settings = {**COMMON, **settings}
        self._watch = watch or (lambda: None)
        super().__init__()

    def load_config(self) -> None:
        """Take our settings; no file and no command line are read."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Import the application; called in the worker, after the fork."""
        from core.wsgi import application

        return application

    def run(self) -> None:
        """Serve until told to stop; leaves by ``SystemExit`` with the exit status."""
        _Arbiter(self, self._watch).run()


class _Arbiter(Arbiter):
    def __init__(self, app: Server, watch: Callable[[], str | None]) -> None:
        super().__init__(app)
        self._watch = watch
        self._stopping = False

    def stop(self, graceful: bool = True) -> None:
        """Say so, once: the last answers may take two seconds."""
        if not self._stopping:
            self._stopping = True
            print("\nstopping", file=sys.stderr, flush=True)
        super().stop(graceful)

    def murder_workers(self) -> None:
        """The part of gunicorn's loop that looks after others: look after ours too."""
        reason = self._watch()
        if reason:
            print(f"\n{reason}", file=sys.stderr, flush=True)
            raise HaltServer(reason, 4)
        super().murder_workers()

    def handle_hup(self) -> None:
        """The terminal was closed: stop, where gunicorn would start over and stay."""
        self.handle_term()


def _serve(arguments: Sequence[str]) -> int:
    import argparse

    parser = argparse.ArgumentParser(prog="manage.py serve")
    parser.add_argument("--bind", default=os.environ.get("PASSERELLE_BIND", "127.0.0.1:8000"))
    parser.add_argument("--workers", type=int, default=int(os.environ.get("WEB_CONCURRENCY", "2")))
    parser.add_argument("--threads", type=int, default=COMMON["threads"])
    options = parser.parse_args(arguments)
    settings = {"bind": [options.bind], "workers": options.workers, "threads": options.threads}
    Server(settings).run()
    return 0


def _celery(arguments: Sequence[str]) -> int:
    import django

    django.setup()
    from django.conf import settings

    from tenants.tasks import app

    if not os.environ.get("REDIS_URL"):
        print("REDIS_URL is not set: there is no queue to work on.", file=sys.stderr)
        return 1
    command, *rest = arguments
    if command == "beat" and not any(part.startswith(("-s", "--schedule")) for part in rest):
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        rest = ["--schedule", str(settings.DATA_DIR / "beat"), *rest]
    app.start([command, "--loglevel", "WARNING", *rest])  # leaves by SystemExit


def main(arguments: Sequence[str]) -> int:
    """Run ``serve``, ``worker`` or ``beat`` (the first argument) until stopped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if "DATABASE_URL" not in os.environ:
        print(
            "DATABASE_URL is not set. This command runs on real servers (deploy/README.md);\n"
            "to look at Passerelle on this machine:  python3 manage.py demo",
            file=sys.stderr,
        )
        return 1
    if arguments[0] == "serve":
        return _serve(arguments[1:])
    return _celery(arguments)
