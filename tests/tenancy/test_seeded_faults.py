"""Take each mechanism away: the tests that claim to prove it must fail."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.test_tools import ROOT
from tests.tenancy.faults import FAULTS


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_is_caught(name: str) -> None:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))
    }
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-x", "-q", "-p", "tests.tenancy.faults",
            "-p", "no:cacheprovider", "-p", "no:xdist", *FAULTS[name].tests,
        ],
        cwd=ROOT,
        env={**environment, "PASSERELLE_FAULT": name},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    tail = done.stdout[-3000:]
    assert done.returncode == 1, f"nobody noticed {name}:\n{tail}"
    # Noticed by a test's own assertion, not by a harness that could not start.
    assert " failed" in tail.splitlines()[-1], tail
