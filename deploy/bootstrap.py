"""Makes ``.venv`` from the locked requirements and starts the command again inside it.

Runs in whatever Python the person has, before anything is installed: standard library only.

``.venv`` holds a stamp of the locks it was made from, written last: without it an
installation that was interrupted is made again from nothing. A lock on the checkout's
folder keeps two first runs from installing at the same time. When everything is in place
this costs a few file reads and one ``exec``.

``PASSERELLE_BOOTSTRAP=off`` runs in the present Python as it is (container images do).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "passerelle.json"
OURS = VENV / "made-by-manage.py"
RUN_LOCK = ROOT / "requirements.txt"
DEV_LOCK = ROOT / "requirements-dev.txt"
UV_LOCK = ROOT / "deploy" / "uv.txt"
DEV_COMMANDS = frozenset({"test", "bench", "lint", "screenshots"})
PIP = (
    *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
    *("--retries", "1", "--require-hashes"),
)
RESTARTED = "PASSERELLE_RESTARTED"


class BootstrapError(Exception):
    """The environment cannot be made; the text says what to do about it."""


def ensure(argv: Sequence[str]) -> None:
    """Return when this process runs in a complete ``.venv``; until then, make it and re-exec."""
    if os.environ.get("PASSERELLE_BOOTSTRAP") == "off":
        return
    try:
        if os.name != "posix":
            raise BootstrapError("Passerelle runs on Linux (on Windows: inside WSL).")
        command = argv[1] if len(argv) > 1 else ""
        dev = command in DEV_COMMANDS or (command == "setup" and "--dev" in argv[2:])
        made = not _complete(dev)
        if made:
            _make(dev)
        if made or Path(sys.prefix).resolve() != VENV.resolve():
            _restart(argv)
        os.environ.pop(RESTARTED, None)
    except BootstrapError as problem:
        sys.exit(f"\n{problem}")


def _restart(argv: Sequence[str]) -> NoReturn:
    if os.environ.get(RESTARTED) == str(VENV):
        raise BootstrapError(f"{VENV} does not start as it should: remove it, then run this again.")
    os.environ[RESTARTED] = str(VENV)
    sys.stdout.flush()
    sys.stderr.flush()
    python = str(_python())
    os.execv(python, [python, *argv])  # noqa: S606 - ourselves, in the other Python


def _python() -> Path:
    return VENV / "bin" / "python"


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _read_stamp() -> dict[str, str | None]:
    try:
        stamp: dict[str, str | None] = json.loads(STAMP.read_bytes())
    except (OSError, ValueError):
        return {}
    # The interpreter behind .venv was removed or became another one (a system upgrade).
    real = os.path.realpath(_python())
    if stamp.get("python") != real or not os.access(real, os.X_OK):
        return {}
    return stamp


def _complete(dev: bool) -> bool:
    stamp = _read_stamp()
    if not stamp or stamp.get("run") != _digest(RUN_LOCK):
        return False
    return not (dev or stamp.get("dev")) or stamp.get("dev") == _digest(DEV_LOCK)


def _make(dev: bool) -> None:
    """Install what is missing, one process at a time."""
    import fcntl

    descriptor = os.open(ROOT, os.O_RDONLY)  # a folder can be locked, even a read-only one
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another command is installing into .venv: waiting for it ...")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not _complete(dev):
            _install(dev)
    except PermissionError as error:
        raise BootstrapError(_cannot_write(error)) from None
    except OSError as error:
        if error.errno is None:
            raise
        raise BootstrapError(_cannot_write(error)) from None
    finally:
        os.close(descriptor)


def _cannot_write(error: OSError) -> str:
    return (
        f"Passerelle installs its packages into {VENV}, and cannot: {error.strerror}.\n"
        f"Make {ROOT} writable for this user and its disk not full, or copy the checkout to a "
        "folder of yours, then run this again."
    )


def _install(dev: bool) -> None:
    """Make ``.venv`` equal to the lock: what it says is there, what it does not say is not."""
    stamp = _read_stamp()
    dev = dev or bool(stamp.get("dev"))
    lock = DEV_LOCK if dev else RUN_LOCK
    if VENV.exists() and not OURS.exists() and any(VENV.iterdir()):
        raise BootstrapError(
            f"{VENV} was not made by manage.py, which needs that place for its own environment.\n"
            "Move it away, then run this again. (PASSERELLE_BOOTSTRAP=off runs in the Python that "
            "you start, with the packages you installed there.)"
        )
    STAMP.unlink(missing_ok=True)
    if not stamp:  # never made, interrupted, or made by a Python that is gone
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir(exist_ok=True)
        OURS.write_text("manage.py may remove this folder and make it again.\n")
    count = sum("==" in line for line in lock.read_text().splitlines())
    _say(f"installing {count} packages into .venv (only when the lock files change) ...")
    started = time.monotonic()
    failure = _install_with_uv(lock)
    if failure is not None:
        _say(f"uv could not do it, trying pip:\n{failure}")
        _install_with_pip(lock)
    done = {
        "python": os.path.realpath(_python()),
        "run": _digest(RUN_LOCK),
        "dev": _digest(DEV_LOCK) if dev else None,
    }
    half = STAMP.with_suffix(".tmp")
    half.write_text(json.dumps(done))
    half.replace(STAMP)
    _say(f"packages installed in {time.monotonic() - started:.0f} s")


def _base_python() -> str:
    """The interpreter outside any virtual environment: ours may be about to be made."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _install_with_uv(lock: Path) -> str | None:
    """By uv from PATH or, hash-pinned, from pip; None, or why it did not work out."""
    uv = shutil.which("uv")
    if uv is None:
        own = VENV / ".uv" / "bin" / "uv"
        if not own.exists():
            _need_pip()
            failure = _run([_python(), *PIP, "--target", VENV / ".uv", "-r", UV_LOCK])
            if failure is not None:
                return failure
        uv = str(own)
    elif not _python().exists():
        failure = _run([uv, "venv", "-q", "--allow-existing", "--python", _base_python(), VENV])
        if failure is not None:
            return failure
    return _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", _python(), lock])


def _need_pip() -> None:
    """See to it that ``.venv`` exists and has pip."""
    import importlib.util

    if _python().exists() and not _run([_python(), "-c", "import pip"]):
        return
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise BootstrapError(
            f"This Python has no {' and no '.join(missing)} module, which Debian and Ubuntu ship "
            f"apart. Install it:\n\n    sudo apt install python{version}-venv\n\n"
            "(or put uv on PATH), then run this again."
        )
    failure = _run([_base_python(), "-m", "venv", VENV])
    if failure is not None:
        raise BootstrapError(f"Python could not make {VENV}:\n{failure}")


def _install_with_pip(lock: Path) -> None:
    """By pip alone: slower, and understands more ways to reach a package index."""
    _need_pip()
    failure = _run([_python(), *PIP, "-r", lock])
    if failure is not None:
        raise BootstrapError(
            f"{failure}\n\n"
            "The packages could not be fetched or installed; the lines above say why.\n"
            " - Without a network: connect once, run this again; later runs need none.\n"
            " - Behind a proxy: set HTTPS_PROXY. With a package index of your own: set\n"
            "   PIP_INDEX_URL (pip) and UV_DEFAULT_INDEX (uv)."
        )


def _run(command: Sequence[str | Path]) -> str | None:
    """Run quietly, with a sign of life every 10 s; None, or the end of what a failure said."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "VIRTUAL_ENV")}
    # uv trusts its own list of authorities; behind an organisation's proxy, the machine's is right.
    environment.setdefault("UV_SYSTEM_CERTS", "1")
    started = time.monotonic()
    with subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as process:
        try:
            while True:
                try:
                    output = process.communicate(timeout=10)[0]
                    break
                except subprocess.TimeoutExpired:
                    _say(f"  ... {time.monotonic() - started:.0f} s")
        except KeyboardInterrupt:
            process.wait()
            raise BootstrapError(
                "Interrupted; the next run starts the installation afresh."
            ) from None
    if process.returncode == 0:
        return None
    return "\n".join(output.strip().splitlines()[-12:]) or f"exit status {process.returncode}"


def _say(text: str) -> None:
    print(f"[passerelle] {text}", file=sys.stderr, flush=True)
