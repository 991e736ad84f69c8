"""The house: rooms, migrations, catalogues, words that must not be there."""

from __future__ import annotations

import ast
import re
import subprocess
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from packaging.utils import canonicalize_name

from tests.architecture.test_tools import ROOT

FLOORS = ("tenants", "core", "branding", "regions", "communities", "rides")
LIBRARIES_ALLOWED_IN_MIGRATIONS = ("django", "uuid", "datetime", "decimal", "h3")


def tracked() -> list[Path]:
    """Return every file of the project that git knows or would add."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def ours(*, suffix: str = ".py") -> list[Path]:
    """Return the source files of the floors and of deploy."""
    return [
        path
        for path in tracked()
        if path.suffix == suffix and path.relative_to(ROOT).parts[0] in (*FLOORS, "deploy")
    ]


def test_migrations_are_complete(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize(
    "path",
    [p for p in ours() if "migrations" in p.parts],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_a_migration_imports_no_application_code(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            names = [node.module or ""]
        for name in names:
            assert name.split(".")[0] in LIBRARIES_ALLOWED_IN_MIGRATIONS, name


def test_no_signal_carries_the_workflow() -> None:
    pattern = re.compile(
        r"from django\.[.\w]*(signals|dispatch)\b|import signals\b|@receiver\b|signal\w*\.connect\("
    )
    found = [str(p.relative_to(ROOT)) for p in ours() if pattern.search(p.read_text())]
    assert found == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in ours()
        if "migrations" not in path.parts
        and path.read_text().strip()
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_modules_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for suffix in (".py", ".js", ".html")
        for path in ours(suffix=suffix)
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_every_app_has_its_page() -> None:
    for config in apps.get_app_configs():
        if config.name.split(".")[0] in FLOORS:
            page = Path(config.path) / "README.md"
            assert page.is_file(), f"{config.name} has no README.md"
            assert len(page.read_text()) > 300, f"{config.name}: a page, not a stub"
    for floor in (*FLOORS, "deploy", "tests"):
        assert (ROOT / floor / "README.md").is_file(), floor


def test_apps_have_the_same_rooms() -> None:
    """Faces are rooms named site, console, api; writes are in services, rights in access."""
    for path in ours():
        parts = path.relative_to(ROOT).parts
        if path.name in {"views.py", "forms.py", "serializers.py"} and parts[0] != "deploy":
            assert (
                {"site", "console", "api", "platform"} & set(parts[2:-1])
                or parts[1] == "shell"
                or (path.name == "forms.py" and parts[1] == "territories")
            ), f"{'/'.join(parts)} stands outside a face"


def test_upper_floors_are_not_named_in_strings() -> None:
    """No get_model, import_string or string foreign key upwards."""
    for path in ours():
        if "settings" in path.parts or "urls" in path.parts or path.parts[-2] == "tenants":
            continue
        text = path.read_text()
        assert "apps.get_model(" not in text or "migrations" in path.parts, path
        assert "import_string(" not in text, path


def test_catalogues_are_complete() -> None:
    from deploy.catalogues import check

    assert check() == []


def test_nothing_names_a_machine_or_a_registry() -> None:
    patterns = re.compile(
        r"/work/|/root/|/home/[a-z]+/|files\.pythonhosted|pypi\.org/simple|registry\.npmjs|"
        r"--index-url http"
    )
    found = []
    for path in tracked():
        if path.suffix in {".gz", ".png", ".ttf", ".bin", ".mo"} or path == Path(__file__):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if match := patterns.search(text):
            found.append(f"{path.relative_to(ROOT)}: {match.group()}")
    assert found == []


def test_lock_files_carry_hashes_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text, name
        pinned = re.findall(r"^[a-z0-9._-]+(?:\[[^\]]*\])?==", text, flags=re.M | re.I)
        assert len(pinned) > 40
        assert text.count("--hash=sha256:") >= len(pinned)


def test_what_runs_without_the_tests_imports_nothing_of_theirs() -> None:
    """A demo installs ``requirements.txt`` alone: what a module imports as it loads is in it."""
    lock = (ROOT / "requirements.txt").read_text()
    names = re.findall(r"^([a-z0-9._-]+)(?:\[|==)", lock, flags=re.M | re.I)
    installed = {canonicalize_name(name) for name in names}
    homes = packages_distributions()
    missing = set()
    for path in ours():
        if path == ROOT / "deploy" / "screenshots.py":  # a developers' command, with a browser
            continue
        for node in ast.parse(path.read_text()).body:
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in {name.split(".")[0] for name in names}:
                wanted = {canonicalize_name(one) for one in homes.get(name, ())}
                if wanted and not wanted & installed:
                    missing.add(f"{path.relative_to(ROOT)}: {name}")
    assert missing == set()


def test_pages_carry_no_inline_script_or_style() -> None:
    pattern = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*json)|<style\b|\sstyle=\"|\son[a-z]+=\"", re.I
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in ours(suffix=".html")
        # Mail programs read nothing but styles on the elements themselves.
        if not {"mails", "notifications"} & set(path.parts)
        and (match := pattern.search(path.read_text()))
    ]
    assert found == []


def test_forbidden_designs_are_absent() -> None:
    """The State's design system and typeface are forbidden to regions."""
    pattern = re.compile(r"\bdsfr\b|marianne|fr-btn|gouv\.fr/dsfr", re.I)
    for suffix in (".html", ".css", ".js"):
        for path in ours(suffix=suffix):
            assert not pattern.search(path.read_text()), path
