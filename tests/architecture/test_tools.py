"""The tools that judge the code, each run as a person would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a tool at the root of the project."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("lint-imports", "--no-cache"),
        ("mypy",),
    ],
    ids=["ruff", "format", "floors", "types"],
)
def test_tool(command: tuple[str, ...]) -> None:
    done = run(str(BIN / command[0]), *command[1:])
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def test_deployment_checks_are_clean() -> None:
    done = run(
        sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING",
        PASSERELLE_SCHEME="https",
        PASSERELLE_PORT="443",
        DJANGO_SETTINGS_MODULE="core.settings",
        PASSERELLE_SECRET_KEY="abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("door", "rule"),
    [
        ("from django_tenants.utils import schema_context\n", "TID251"),
        ("from django.core.signing import dumps\n", "TID251"),
        ("from functools import lru_cache\n", "TID251"),
        ("import threading\nthreading.Thread\n", "TID251"),
        ("from celery import shared_task\n", "TID251"),
        ("from django.core.files.storage import default_storage\n", "TID251"),
        ("try:\n    x = 1\nexcept Exception:\n    x = 2\n", "BLE001"),
        ("def f(a):\n    return a\n", "ANN001"),
    ],
)
def test_a_banned_door_is_seen(door: str, rule: str) -> None:
    """Each other way of switching regions is refused by the linter."""
    done = subprocess.run(
        [str(BIN / "ruff"), "check", "--stdin-filename", "rides/adverts/sample.py", "-"],
        input=f'"""Sample."""\n{door}',
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert rule in done.stdout


def test_an_upward_import_is_seen(tmp_path: Path) -> None:
    """The contract bites: core importing rides breaks it."""
    import shutil

    copy = tmp_path / "house"
    for package in ("tenants", "core", "branding", "regions", "communities", "rides", "deploy"):
        shutil.copytree(
            ROOT / package, copy / package, ignore=shutil.ignore_patterns("data", "*.mo")
        )
    (copy / "tests").mkdir()
    (copy / "tests/__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / "core/accounts/upward.py").write_text("import rides.adverts.models\n")
    done = subprocess.run(
        [str(BIN / "lint-imports"), "--no-cache"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "core.accounts.upward" in done.stdout
