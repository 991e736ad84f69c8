"""The environment of a command: real servers when they are named, else the embedded default.

``DATABASE_URL`` set: nothing is touched, the settings read what the person set. Not set: the
data folder (``PASSERELLE_DATA``, by default ``.data`` in the checkout) says everything, and its
database is the demo's while that runs, else started for this one command. Ports are never
looked for.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.bootstrap import ROOT
from deploy.postgres import EmbeddedPostgres

DEFAULT_DATA = ROOT / ".data"
SETTINGS = "core.settings"
RUNNING = "running.json"
# For tools that read the settings and reach no server.
PLACEHOLDERS = {
    "DJANGO_SETTINGS_MODULE": SETTINGS,
    "DATABASE_URL": "postgresql://none/none",
    "DATABASE_OWNER_URL": "postgresql://none/none",
    "PASSERELLE_SECRET_KEY": "of-no-use",
}


def data_folder() -> Path:
    """The folder that holds everything the embedded default writes."""
    return Path(os.environ.get("PASSERELLE_DATA") or DEFAULT_DATA).resolve()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    half = path.with_name(path.name + ".tmp")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as target:
        target.write(text)
    half.replace(path)


def secret_key(data: Path) -> str:
    """The data folder's own key, drawn once."""
    path = data / "secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text()


def embedded(data: Path, *, port: int, web_url: str, owner_url: str) -> dict[str, str]:
    """Every variable of the embedded default, listening on ``port``."""
    return {
        "DATABASE_URL": web_url,
        "DATABASE_OWNER_URL": owner_url,
        "PASSERELLE_DATA": str(data),
        "PASSERELLE_SECRET_KEY": secret_key(data),
        "PASSERELLE_SCHEME": "http",
        "PASSERELLE_PORT": str(port),
        "PASSERELLE_PLATFORM_HOST": "platform.localhost",
        "PASSERELLE_MAIL_HOST": "mail.localhost",
        # Static files straight from the apps: nothing to collect before the first page.
        "PASSERELLE_STATIC_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "PASSERELLE_STATIC_FINDERS": "1",
        "PASSERELLE_LOG_LEVEL": "WARNING",
    }


def set_defaults(variables: dict[str, str]) -> None:
    """Set what the person did not set."""
    for name, value in variables.items():
        os.environ.setdefault(name, value)


def remember_running(data: Path, variables: dict[str, str]) -> None:
    """Let other commands of this checkout reach the demo that runs from now on."""
    write_private(data / RUNNING, json.dumps({"pid": os.getpid(), "environment": variables}))


def forget_running(data: Path) -> None:
    """The demo ends."""
    (data / RUNNING).unlink(missing_ok=True)


def _of_running(data: Path) -> dict[str, str] | None:
    try:
        running = json.loads((data / RUNNING).read_text())
        os.kill(running["pid"], 0)
        held = (data / "lock").read_text().strip() == str(running["pid"])
    except (OSError, ValueError, KeyError):
        return None
    environment: dict[str, str] = running["environment"]
    return environment if held else None


@contextlib.contextmanager
def for_command() -> Iterator[None]:
    """Run the block with a database: the one named, the running demo's, or one of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if "DATABASE_URL" in os.environ:
        yield
        return
    data = data_folder()
    variables = _of_running(data)
    if variables is not None:
        set_defaults(variables)
        yield
        return
    print(
        f"[passerelle] no demo runs on {data}: its database is started for this command alone\n"
        "             (PASSERELLE_DATA names another folder: the --data of a demo that runs)",
        file=sys.stderr,
    )
    with EmbeddedPostgres(data) as server:
        set_defaults(embedded(data, port=8000, web_url=server.web_url, owner_url=server.owner_url))
        yield
