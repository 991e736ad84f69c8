"""The server that browsers talk to: gunicorn with threads, in a process of its own.

Run as ``python -m tests.browser.serve``; ``start`` does. It serves the test database of the worker
that started it, under that worker's role names, writes its mails to a folder, and ends with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from deploy.processes import follow_parent, free_port
from tests.databases import ROOT

PREFIX = "PASSERELLE_TEST_TENANT_ROLE_PREFIX"


@contextmanager
def start() -> Iterator[tuple[int, Path]]:
    """Serve the current test database; yield the port and the folder of mails."""
    with tempfile.TemporaryDirectory(prefix="passerelle-browser-") as folder:
        data, port = Path(folder), free_port()
        (data / "static").mkdir()
        media = Path(settings.MEDIA_ROOT)
        if media.is_dir():  # files of the worlds that were made before
            shutil.copytree(media, data / "media")
        with (data / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.browser.serve"],
                cwd=ROOT,
                env=_environment(data, port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=follow_parent(signal.SIGTERM),
            )
        try:
            _wait(port, process, data / "server.log")
            yield port, data / "mails"
        finally:
            process.terminate()
            process.wait(20)
            _complain(data / "server.log")


def _environment(data: Path, port: int) -> dict[str, str]:
    name = str(settings.DATABASES["default"]["NAME"])
    addresses = {
        key: urlunsplit(urlsplit(os.environ[key])._replace(path=f"/{name}"))
        for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    return {
        **os.environ,
        **addresses,
        "DJANGO_SETTINGS_MODULE": "core.settings",
        "PASSERELLE_PORT": str(port),
        "PASSERELLE_DATA": str(data),
        "PASSERELLE_LOG_LEVEL": "ERROR",
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        PREFIX: str(settings.TENANT_ROLE_PREFIX),
    }


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        question = urllib.request.Request(
            f"http://127.0.0.1:{port}/health/", headers={"Host": settings.PLATFORM_HOST}
        )
        try:
            urllib.request.urlopen(question, timeout=5).close()
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


def _complain(log: Path) -> None:
    """Show what the server wrote: errors only, and there should be none."""
    text = log.read_text().strip()
    if text:
        print(f"\n--- the server of the browser tests ---\n{text[-4000:]}", file=sys.stderr)


def main() -> None:
    """Serve until told to stop."""
    import django

    django.setup()
    settings.TENANT_ROLE_PREFIX = os.environ[PREFIX]
    from deploy.server import Server

    port = os.environ["PASSERELLE_PORT"]
    Server({"bind": [f"127.0.0.1:{port}"], "workers": 1, "threads": 8}).run()


if __name__ == "__main__":
    main()
