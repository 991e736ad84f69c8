"""``manage.py lock``: remake the requirements' locks from ``pyproject.toml``.

The locks carry hashes and no addresses, and hold for every Python and system we run on.
``--upgrade`` takes newer versions too.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.bootstrap import DEV_LOCK, ROOT, RUN_LOCK, UV_LOCK

COMPILE = (
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"),
)


def main(arguments: Sequence[str]) -> int:
    """Remake the three locks; returns the exit status."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        print("Needs uv, which `python3 manage.py setup --dev` installs.", file=sys.stderr)
        return 1
    project = "pyproject.toml"
    for target, sources in (
        (RUN_LOCK, [project]),
        # The second holds the first: what runs is what was tested.
        (DEV_LOCK, [project, "--extra", "dev", "--constraint", str(RUN_LOCK.name)]),
        (UV_LOCK, ["-"]),
    ):
        command = [
            uv,
            *COMPILE,
            *arguments,
            *sources,
            "--output-file",
            str(target.relative_to(ROOT)),
        ]
        done = subprocess.run(command, cwd=ROOT, input="uv\n", text=True, check=False)
        if done.returncode:
            return done.returncode
        print(f"{target.relative_to(ROOT)}: {target.read_text().count('==')} packages")
    return 0
