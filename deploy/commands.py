"""What ``python3 manage.py COMMAND`` runs, once the environment is complete.

Our own commands are modules with a ``main(arguments) -> int``; everything else is Django's
(``migrate_schemas``, ``onboard_region``, ``makemigrations`` ...).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from deploy import catalogues

OWN: dict[str, tuple[str, str]] = {
    "demo": ("deploy.demo.command", "both regions with people and adverts, in your browser"),
    "test": ("deploy.testing", "every test; arguments go to pytest"),
    "bench": ("tests.bench.runner", "the figures to keep, measured here; --check to judge them"),
    "lint": ("deploy.lint", "style, types and the direction of imports"),
    "serve": ("deploy.server", "the web server on real servers (see deploy/README.md)"),
    "worker": ("deploy.server", "the task worker on real servers"),
    "beat": ("deploy.server", "the clock of periodic tasks on real servers"),
    "catalogues": ("deploy.catalogues", "update, compile or check the translations"),
    "screenshots": ("deploy.screenshots", "take the README's pictures again"),
    "lock": ("deploy.locks", "remake the requirements' locks from pyproject.toml"),
    "setup": ("deploy.commands", "only make .venv (setup --dev: with what tests need)"),
}


def main(_arguments: Sequence[str]) -> int:
    """``setup``: the bootstrap has done it all by now."""
    return 0


def overview() -> str:
    """The text of ``python3 manage.py`` alone."""
    width = max(map(len, OWN)) + 2
    lines = [f"  {name:{width}}{text}" for name, (_module, text) in OWN.items()]
    return "\n".join(
        [
            "Passerelle's commands:",
            *lines,
            "",
            "Further ones are Django's: python3 manage.py help, for instance",
            "  onboard_region   a new region, live at once",
            "  migrate_schemas  bring every region's tables up to date",
        ]
    )


def run(argv: Sequence[str]) -> int:
    """Run a command line (``argv[0]`` is manage.py); return its exit status."""
    stale = catalogues.stale()
    if stale:
        try:
            catalogues.compile_catalogues(stale)
        except OSError as error:
            print(f"[passerelle] translations stay as they are: {error}", file=sys.stderr)
    name = argv[1] if len(argv) > 1 else ""
    if name in ("", "-h", "--help"):
        print(overview())
        return 0
    if name in OWN:
        module = importlib.import_module(OWN[name][0])
        arguments = argv[1:] if OWN[name][0] == "deploy.server" else argv[2:]
        status: int = module.main(list(arguments))
        return status
    from deploy import environment
    from deploy.postgres import PostgresError

    try:
        with environment.for_command():
            from django.core.management import execute_from_command_line

            execute_from_command_line(list(argv))
    except PostgresError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0
