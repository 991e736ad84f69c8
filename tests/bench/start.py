"""How long a newcomer waits for ``manage.py demo``."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from deploy.bootstrap import ROOT
from deploy.processes import free_port
from tests.bench.figures import Figure, Options, below, bench

FIRST_SECONDS, SECOND_SECONDS = 60.0, 15.0


def checkout(target: Path) -> None:
    """A copy of this checkout as git would clone it: no environment, no data."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


def clean_environment() -> dict[str, str]:
    """The shell of somebody who never heard of us; the package cache stays warm."""
    ours = (
        "PASSERELLE_",
        "DATABASE_",
        "REDIS_",
        "DJANGO_",
        "EMAIL_",
        "S3_",
        "VIRTUAL_ENV",
        "PYTEST_",
    )
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def seconds_to_ready(folder: Path, python: str, *arguments: str) -> float:
    """Start the demo, wait for its line, stop it with Ctrl-C; the seconds until the line."""
    began = time.monotonic()
    process = subprocess.Popen(
        [python, str(folder / "manage.py"), "demo", *arguments],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        try:
            for text in process.stdout:
                if text.startswith("ready: "):
                    return time.monotonic() - began
            raise RuntimeError(f"the demo ended with status {process.wait()}")
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()  # what it still says has a reader


@bench("start", database=False)
def start(options: Options) -> Iterator[Figure]:
    """From a fresh checkout to `ready`, with a warm package cache; then once more."""
    folder = options.folder / "checkout"
    checkout(folder)
    options.folder.chmod(0o755)
    python = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    arguments = ["--port", str(free_port()), "--data", str(options.folder / "data")]
    first = seconds_to_ready(folder, python, *arguments)
    yield below("demo, first start", ours=first, limit=FIRST_SECONDS)
    second = seconds_to_ready(folder, python, *arguments)
    yield below("demo, second start", ours=second, limit=SECOND_SECONDS)
