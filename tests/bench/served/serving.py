"""The present database behind gunicorn, as real servers have it."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from deploy.processes import follow_parent, free_port
from deploy.server import COMMON


@contextmanager
def served(workers: int = 1) -> Iterator[int]:
    """Serve the present database with the threads of a real server; give the port."""
    database = connection.settings_dict["NAME"]
    port = free_port()
    environment = dict(os.environ)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        environment[name] = f"{environment[name].rsplit('/', 1)[0]}/{database}"
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "tests.bench.served.server:application"),
            *("--workers", str(workers), "--threads", str(COMMON["threads"])),
            *("--keep-alive", str(COMMON["keepalive"])),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "error"),
        ],
        env=environment,
        preexec_fn=follow_parent(signal.SIGTERM),
    )
    try:
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(10)
