"""The test command itself: what it needs, and what it says when that is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import commands, testing
from tests.deploy.machine import ROOT


def test_two_processes_unless_said_otherwise() -> None:
    assert testing._pytest_arguments(["tests/core", "-x"]) == ["-n", "2", "tests/core", "-x"]
    for said in (["-n", "0"], ["-n4"], ["--numprocesses=1"], ["--pdb"], ["--collect-only"]):
        assert testing._pytest_arguments(said) == said


@pytest.mark.parametrize(
    ("arguments", "browserless"),
    [
        ([], False),
        (["-x"], False),
        (["tests"], False),
        (["tests/browser/test_path.py::test_x"], False),
        (["tests/core", "tests/browser"], False),
        (["tests/core"], True),
        (["tests/core/test_accounts.py::test_x", "-q"], True),
        (["-k", "nothing-of-that-name"], False),
    ],
)
def test_a_browser_is_wanted_unless_the_paths_leave_it_out(
    arguments: list[str], browserless: bool
) -> None:
    assert testing._browserless(arguments) is browserless


@pytest.mark.parametrize("what", ["chromium", "redis-server"])
def test_what_is_missing_is_said_and_fails(tmp_path: Path, what: str) -> None:
    """On a machine with neither, and no apt-get to install them."""
    if what == "redis-server":
        (tmp_path / "chromium").symlink_to("/bin/true")
    script = "import sys, sysconfig; from deploy import testing;"
    script += f"sysconfig.get_path = lambda name: {str(tmp_path)!r};"
    script += "sys.exit(testing.main(['--collect-only', '-q']))"
    environment = {k: v for k, v in os.environ.items() if k != "CHROMIUM"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**environment, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert f"sudo apt install {what}" in done.stderr
    assert "The tests did not run." in done.stderr


def test_the_command_that_ci_runs_is_the_readmes() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "exec python3 manage.py test\n" in script


def test_the_overview_names_every_command() -> None:
    overview = commands.overview()
    assert all(f"  {name} " in overview for name in commands.OWN)
