"""``manage.py lint``: the checks that need no database, as the tests run them too."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from deploy.bootstrap import ROOT
from deploy.environment import PLACEHOLDERS

CHECKS: dict[str, list[str]] = {
    "ruff": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "import-linter": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "catalogues": ["-m", "deploy.catalogues", "check"],
}


def main(arguments: Sequence[str]) -> int:
    """Run the named checks, or all; 1 when one finds something."""
    failed = []
    for name, command in CHECKS.items():
        if arguments and name not in arguments:
            continue
        print(f"--- {name}", flush=True)
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**PLACEHOLDERS, **os.environ},
            check=False,
        )
        if done.returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all well")
    return 1 if failed else 0
