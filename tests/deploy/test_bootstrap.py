"""The bootstrap as a person meets it: real processes on a small checkout, without a network.

The little checkout has this manage.py and this bootstrap, and locks that name one wheel made
here; package indexes are switched off, so what installs comes from a folder.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.deploy.machine import ROOT, obey_permissions

PYTHON = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
COMMANDS = """
import importlib.util, sys
def run(argv):
    found = [name for name in ("little", "more") if importlib.util.find_spec(name)]
    print("in", sys.prefix, "with", *found)
    return 0
"""


def wheel(folder: Path, name: str) -> str:
    """Make a wheel of one empty module; return the line that locks it."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    content = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in content.items():
            archive.writestr(inside, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
            record += f"{inside},sha256={digest.decode().rstrip('=')},{len(text)}\n"
        archive.writestr(f"{info}/RECORD", record + f"{info}/RECORD,,\n")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Checkout:
    """A small checkout and the environment of a person who uses it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        (self.root / "deploy").mkdir(parents=True)
        for name in ("manage.py", "deploy/__init__.py", "deploy/bootstrap.py", "deploy/uv.txt"):
            shutil.copy(ROOT / name, self.root / name)
        (self.root / "deploy" / "commands.py").write_text(COMMANDS)
        run = wheel(self.wheels, "little")
        (self.root / "requirements.txt").write_text(run)
        (self.root / "requirements-dev.txt").write_text(run + wheel(self.wheels, "more"))
        (folder / "uv.toml").write_text("[pip]\nno-index = true\n")
        self.hidden = folder / "hidden"
        self.hidden.mkdir()
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(self.hidden),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "UV_CONFIG_FILE": str(folder / "uv.toml"),
            "UV_FIND_LINKS": str(self.wheels),
            "UV_CACHE_DIR": str(folder / "cache"),
        }

    def with_uv(self) -> None:
        """Put uv on PATH, and nothing else that is beside it."""
        found = shutil.which("uv") or shutil.which("uv", path=Path(sys.executable).parent)
        assert found, "the development lock has uv: python3 manage.py setup --dev"
        tools = self.hidden.with_name("tools")
        tools.mkdir()
        (tools / "uv").symlink_to(found)
        self.environment["PATH"] = f"{tools}:{self.environment['PATH']}"

    def pretend(self, python: str) -> None:
        """Let the person's Python start with these lines."""
        (self.hidden / "sitecustomize.py").write_text(python)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [PYTHON, str(self.root / "manage.py"), *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=obey_permissions,
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def works(self, *arguments: str, found: str = "little") -> None:
        status, out, err = self.run(*arguments)
        assert status == 0, err
        assert out == f"in {self.root / '.venv'} with {found}\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_made_with_uv_then_quick(checkout: Checkout) -> None:
    checkout.with_uv()
    status, out, err = checkout.run("hello")
    assert status == 0 and "pip" not in err, err
    assert out == f"in {checkout.root / '.venv'} with little\n"
    assert "installing 1 packages" in err
    status, _out, err = checkout.run("hello")
    assert (status, err) == (0, "")

    def seconds(*command: str) -> float:
        """Of processor time: the clock on the wall also counts what other tests do."""
        took = []
        for _ in range(5):
            before = os.times()
            subprocess.run(command, env=checkout.environment, check=True, capture_output=True)
            after = os.times()
            took.append(
                after.children_user
                + after.children_system
                - before.children_user
                - before.children_system
            )
        return min(took)

    inside = str(checkout.root / ".venv" / "bin" / "python")
    assert seconds(PYTHON, str(checkout.root / "manage.py")) - seconds(inside, "-c", "") < 0.3


def test_made_with_pip_where_uv_cannot_be_had(checkout: Checkout) -> None:
    checkout.works("hello")
    checkout.works("hello")


def test_tests_add_their_packages_and_keep_them(checkout: Checkout) -> None:
    checkout.with_uv()
    checkout.works("demo")
    checkout.works("setup", "--dev", found="little more")
    checkout.works("test", found="little more")
    checkout.works("demo", found="little more")
    # A new lock: what it no longer names goes.
    more = (checkout.root / "requirements-dev.txt").read_text().splitlines()[1]
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (checkout.root / lock).write_text(more)
    checkout.works("demo", found="more")


@pytest.mark.parametrize("kind", ["uv", "pip"])
def test_an_interrupted_installation_is_made_again(checkout: Checkout, kind: str) -> None:
    if kind == "uv":
        checkout.with_uv()
    process = checkout.start("hello")
    mark = checkout.root / ".venv" / ("pyvenv.cfg" if kind == "pip" else "made-by-manage.py")
    while not mark.exists():
        assert process.poll() is None
        time.sleep(0.001)
    os.killpg(process.pid, 9)
    process.communicate()
    assert not (checkout.root / ".venv" / "passerelle.json").exists()
    checkout.works("hello")


def test_two_first_runs_at_once_install_once(checkout: Checkout) -> None:
    checkout.with_uv()
    both = [checkout.start("hello"), checkout.start("hello")]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("installing" in err and "packages into" in err for _out, err in said) == 1


def test_without_a_network_it_says_what_to_do(checkout: Checkout) -> None:
    checkout.with_uv()
    for path in checkout.wheels.iterdir():
        path.unlink()
    status, out, err = checkout.run("hello")
    assert status == 1
    assert "Without a network: connect once" in err
    assert "Traceback" not in err + out


def test_without_a_venv_module_it_gives_the_line_that_mends_it(checkout: Checkout) -> None:
    checkout.pretend("import sys; sys.modules['ensurepip'] = None")
    status, _out, err = checkout.run("hello")
    assert status == 1
    assert f"sudo apt install python3.{sys.version_info[1]}-venv" in err
    assert "Traceback" not in err


def test_a_folder_that_cannot_be_written_is_said(checkout: Checkout) -> None:
    checkout.root.chmod(0o555)
    status, _out, err = checkout.run("hello")
    checkout.root.chmod(0o755)
    assert status == 1
    assert f"Make {checkout.root} writable" in err
    assert "Traceback" not in err


def test_an_older_python_is_refused_by_name(checkout: Checkout) -> None:
    checkout.pretend("import sys; sys.version_info = (3, 9, 2, 'final', 0)")
    status, _out, err = checkout.run("demo")
    assert status == 1
    assert "needs Python 3.11 or newer, and this is Python 3.9" in err
    assert "python3.11 manage.py demo" in err


def test_somebody_elses_environment_is_left_alone(checkout: Checkout) -> None:
    (checkout.root / ".venv").mkdir()
    (checkout.root / ".venv" / "mine").write_text("")
    status, _out, err = checkout.run("hello")
    assert status == 1
    assert "was not made by manage.py" in err
    assert (checkout.root / ".venv" / "mine").exists()


def test_an_environment_whose_python_is_gone_is_made_again(checkout: Checkout) -> None:
    checkout.with_uv()
    checkout.works("hello")
    python = checkout.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    checkout.works("hello")


def test_it_can_be_switched_off(checkout: Checkout) -> None:
    checkout.environment["PASSERELLE_BOOTSTRAP"] = "off"
    status, out, _err = checkout.run("hello")
    assert status == 0
    assert ".venv" not in out
    assert not (checkout.root / ".venv").exists()


def test_locks_hold_hashes_and_no_addresses() -> None:
    names: dict[str, set[str]] = {}
    for name in ("requirements.txt", "requirements-dev.txt", "deploy/uv.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        entries = text.replace("\\\n", " ").strip().splitlines()
        assert all("--hash=sha256:" in entry for entry in entries)
        names[name] = set(entries)
    assert names["requirements.txt"] < names["requirements-dev.txt"], "what runs is what was tested"
