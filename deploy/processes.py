"""Processes that end with the one that started them, and where they listen."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def die_with_parent(number: signal.Signals, parent: int) -> None:
    """Ask the kernel for this signal when the thread that forked us ends (Linux).

    Ends this process at once when ``parent`` is gone already.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def follow_parent(number: signal.Signals) -> Callable[[], None]:
    """The same as a ``preexec_fn``, made before the fork.

    Start such children from the main thread: the kernel watches the thread, not the process.
    """
    parent = os.getpid()
    ctypes.CDLL(None)  # loaded here, so that the child after the fork finds it loaded
    return lambda: die_with_parent(number, parent)
