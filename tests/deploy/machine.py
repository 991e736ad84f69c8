"""What the tests of processes share: who lives, who has gone, folders others can pass through."""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user of the machine can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="passerelle-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it comes to hold in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


def family(pid: int) -> list[psutil.Process]:
    """A process and all its descendants."""
    head = psutil.Process(pid)
    return [head, *head.children(recursive=True)]


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none of them runs any more (a zombie that waits to be collected does not)."""
    return not [one for one in processes if one.is_running() and one.status() != "zombie"]


def obey_permissions() -> None:
    """In a child, before it starts: let root be stopped by permission bits like anybody."""
    prctl = ctypes.CDLL(None).prctl
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def is_root() -> bool:
    """Whether the tests run as root."""
    return os.geteuid() == 0
