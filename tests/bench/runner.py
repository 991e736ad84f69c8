"""``manage.py bench [NAME …] [--rows N] [--check] [--json FILE]``."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import pkgutil
import platform
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import tests.bench
from deploy.environment import PLACEHOLDERS
from deploy.postgres import EmbeddedPostgres
from tests.bench.figures import BENCHES, Bench, Figure, Options


def discover() -> None:
    """Import every module of this folder, so that its benches register.

    Django is set up first, on servers that are named later.
    """
    for name, value in PLACEHOLDERS.items():
        os.environ[name] = value
    importlib.import_module("tests.environment")
    import django

    django.setup()
    for module in pkgutil.iter_modules(tests.bench.__path__):
        if module.name != "runner":
            importlib.import_module(f"tests.bench.{module.name}")


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    return f"{value:.{digits}f} {unit}".strip()


def line(figure: Figure) -> str:
    """A figure in one line, both sides first."""
    sides = f"{_number(figure.ours, figure.unit):>12}"
    sides += (
        f" {'/ ' + _number(figure.theirs, figure.unit):>14}"
        if figure.theirs is not None
        else " " * 15
    )
    ratio = f"{figure.ratio:8.2f}×" if figure.ratio is not None else " " * 9
    verdict = "holds" if figure.holds else "DOES NOT HOLD"
    return f"  {figure.name:46} {sides} {ratio}  {verdict}  ({figure.goal})"


@contextlib.contextmanager
def _database() -> Iterator[None]:
    """Django on a migrated database, in a server that forgets nothing (as real ones)."""
    from deploy.testing import SERVER

    folder = Path(tempfile.mkdtemp(prefix="passerelle-bench-"))
    folder.chmod(0o711)
    # Memory as one gives a server of that size: the other sides hold everything in theirs.
    server = EmbeddedPostgres(folder, settings={**SERVER, "shared_buffers": "2GB"})
    try:
        with server:
            os.environ.update(
                DATABASE_URL=server.web_url,
                DATABASE_OWNER_URL=server.owner_url,
                DATABASE_SUPERUSER_URL=server.superuser_url,
            )
            from django.conf import settings
            from django.db import connections

            from core.settings import env
            from tests import databases

            for alias, url in (("default", server.web_url), ("owner", server.owner_url)):
                address = env.database(url)
                del address["OPTIONS"]
                settings.DATABASES[alias].update(address)
                connections[alias].settings_dict.update(address)
            databases.create("bench", databases.template_database())
            databases.point_to("bench")
            try:
                yield
            finally:
                connections.close_all()
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _forget_regions() -> None:
    """Leave the next bench the database as this one found it: benches name their regions alike."""
    from django.db import connections

    from tenants.middleware import forget_addresses
    from tenants.models import Tenant
    from tenants.provisioning import tenant_remove

    connections.close_all()  # a server's prepared statements know tables that go
    for tenant in Tenant.objects.using("owner").all():
        tenant_remove(tenant)
    forget_addresses()


def measure(bench: Bench, rows: int | None) -> tuple[list[Figure], str]:
    """Run one bench; returns its figures, and why it was not measured to the end (or nothing)."""
    folder = Path(tempfile.mkdtemp(prefix="passerelle-bench-"))
    figures: list[Figure] = []
    try:
        for figure in bench.run(Options(rows=rows, folder=folder)):
            figures.append(figure)
            print(line(figure), flush=True)
    except Exception as error:
        traceback.print_exc()
        return figures, f"{type(error).__name__}: {error}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return figures, "" if figures else "it measured nothing"


def run(chosen: Sequence[Bench], rows: int | None) -> dict[str, object]:
    """Run the benches, those without a database first; returns the report."""
    report: list[dict[str, object]] = []
    with contextlib.ExitStack() as stack:
        started = False
        for bench in sorted(chosen, key=lambda one: one.database):
            if bench.database and not started:
                stack.enter_context(_database())
                started = True
            print(f"{bench.name}: {bench.about}", flush=True)
            began = time.monotonic()
            figures, problem = measure(bench, rows)
            if bench.database:
                _forget_regions()
            if problem:
                print(f"  NOT MEASURED: {problem}")
            report.append(
                {
                    "bench": bench.name,
                    "figures": [figure.as_dict() for figure in figures],
                    "problem": problem,
                    "seconds": round(time.monotonic() - began, 1),
                }
            )
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
    }
    return {"machine": machine, "rows": rows, "benches": report}


def failures(report: dict[str, object]) -> list[str]:
    """What does not hold or was not measured, by name."""
    found = []
    benches = report["benches"]
    assert isinstance(benches, list)
    for one in benches:
        if one["problem"]:
            found.append(f"{one['bench']} (not measured)")
        found += [f"{one['bench']}: {f['name']}" for f in one["figures"] if not f["holds"]]
    return found


def main(arguments: Sequence[str]) -> int:
    """Measure, print both sides, and judge when asked to."""
    discover()
    parser = argparse.ArgumentParser(prog="manage.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(sorted(BENCHES)))
    parser.add_argument("--rows", type=int, help="how many rows, where a bench has them")
    parser.add_argument("--check", action="store_true", help="exit 1 unless every figure holds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(BENCHES))
    if unknown:
        parser.error(f"no bench {', '.join(unknown)}; there are {', '.join(sorted(BENCHES))}")
    chosen = [BENCHES[name] for name in options.names or sorted(BENCHES)]
    report = run(chosen, options.rows)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    failed = failures(report)
    print(f"does not hold: {'; '.join(failed)}" if failed else "every figure holds")
    return 1 if options.check and failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
