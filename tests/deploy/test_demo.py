"""The demo's processes through their life, as a person and an unkind machine meet them.

One test tells one life, because a first start takes seconds and the later ones need its data.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import psutil
import psycopg
import pytest
from psycopg import sql
from pytest_django import DjangoDbBlocker

from deploy.processes import free_port
from tests import databases
from tests.bench.start import clean_environment
from tests.deploy.machine import ROOT, family, gone, open_folder, wait_until

HOSTS = ("ouestgo.localhost", "passpass.localhost", "platform.localhost")


class Demo:
    """A demo that runs in a process group of its own, as in a terminal."""

    def __init__(self, folder: Path, port: int, **variables: str) -> None:
        self.folder, self.port = folder, port
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "manage.py", "demo"),
                *("--port", str(port), "--data", str(folder), "--scale", "small"),
            ],
            cwd=ROOT,
            env=environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said: dict[str, list[str]] = {"out": [], "err": []}
        self._news: queue.Queue[str | None] = queue.Queue()
        self._readers: list[threading.Thread] = []
        for name, stream in (("out", self.process.stdout), ("err", self.process.stderr)):
            assert stream is not None
            self._readers.append(threading.Thread(target=self._read, args=(name, stream)))
            self._readers[-1].start()
        self.all: list[psutil.Process] = []

    def _read(self, name: str, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self.said[name].append(line.rstrip("\n"))
                self._news.put(line)
        self._news.put(None)

    def until_ready(self) -> str:
        """Wait for the line that says so; return it."""
        until = self.began + 240
        while time.monotonic() < until:
            for line in self.said["out"]:
                if line.startswith("ready: "):
                    self.all = family(self.process.pid)
                    return line
            if self.process.poll() is not None:
                break
            with contextlib.suppress(queue.Empty):
                self._news.get(timeout=0.2)
        raise AssertionError("\n".join(["not ready", *self.said["out"], *self.said["err"]]))

    def status(self, host: str, path: str = "/") -> int:
        """What an address answers; 0 when nobody does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def named(self, part: str) -> list[psutil.Process]:
        """Those of its processes that run such a program."""
        return [one for one in family(self.process.pid)[1:] if part in Path(one.exe()).name]

    def web(self) -> psutil.Process:
        """The web process: the child that is Python."""
        return self.named("python")[0]

    def ended(self, seconds: float = 20.0) -> int:
        """Its exit status, once it and all that it started have gone."""
        status = self.process.wait(seconds)
        assert wait_until(lambda: gone(self.all), seconds), [one.cmdline() for one in self.all]
        return status

    def kill(self) -> None:
        """Whatever happened, leave nothing behind."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.all += family(self.process.pid)
        for one in self.all:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait(10)
        for reader in self._readers:
            reader.join(10)


def environment(**variables: str) -> dict[str, str]:
    """A newcomer's shell; the packages are those of the tests."""
    return {
        **clean_environment(),
        "PASSERELLE_BOOTSTRAP": "off",
        **variables,
    }


@contextlib.contextmanager
def demo(folder: Path, port: int, **variables: str) -> Iterator[Demo]:
    """Start one; what is left of it at the end is killed."""
    started = Demo(folder, port, **variables)
    try:
        yield started
    finally:
        started.kill()


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Another command, in another terminal."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(PASSERELLE_DATA=str(folder)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_demo_through_its_life() -> None:
    with open_folder() as parent:
        folder, port = parent / "data", free_port()
        with demo(folder, port) as first:
            ready = first.until_ready()
            assert ready == "ready: " + " ".join(f"http://{host}:{port}" for host in HOSTS)
            describes_itself(folder, port)
            assert [first.status(host) for host in (*HOSTS, "mail.localhost")] == [200] * 4
            assert first.status("nobody.localhost") == 404
            a_second_one_says_what_is_in_the_way(folder, port)
            a_third_region_is_live_at_once(first)
            a_killed_web_process_is_replaced(first)
            first.process.send_signal(signal.SIGINT)
            assert first.ended() == 0
        assert not (folder / "running.json").exists()

        with demo(folder, port) as second:
            second.until_ready()
            assert second.status("third.localhost") == 200, "its data were kept"
            for line in (
                f"Other regions: http://third.localhost:{port}",
                f"Consoles: http://admin.ouestgo.localhost:{port} http://admin.passpass.localhost:{port}",
            ):
                assert wait_until(lambda line=line: line in second.said["out"]), line
            second.process.kill()
            second.ended()
        assert second.status(HOSTS[0]) == 0

        with demo(folder, port) as third:
            third.until_ready()
            server = third.named("postgres")[0]
            server.kill()
            assert third.ended() == 4
            assert "PostgreSQL stopped unexpectedly" in "\n".join(third.said["err"])

        # Closing the terminal is an end, too.
        with demo(folder, port) as last:
            last.until_ready()
            os.killpg(last.process.pid, signal.SIGHUP)
            assert last.ended() == 0


def describes_itself(folder: Path, port: int) -> None:
    said = json.loads((folder / "demo.json").read_text())
    assert said["regions"] == [
        {"slug": slug, "host": f"{slug}.localhost", "url": f"http://{slug}.localhost:{port}"}
        for slug in ("ouestgo", "passpass")
    ]
    roles = {(one["region"], one["role"]) for one in said["accounts"]}
    assert roles == {
        *(
            (slug, role)
            for slug in ("ouestgo", "passpass")
            for role in ("member", "referent", "administrator")
        ),
        (None, "platform"),
    }
    assert all(
        set(one) == {"region", "role", "host", "email", "password"} for one in said["accounts"]
    )
    assert said["mails"] == f"http://mail.localhost:{port}"


def a_second_one_says_what_is_in_the_way(folder: Path, port: int) -> None:
    with demo(folder, port) as other:
        assert other.process.wait(20) == 1
        assert f"Port {port} of 127.0.0.1 is in use" in "\n".join(other.said["err"])
    with demo(folder, free_port()) as other:
        assert other.process.wait(20) == 1
        assert wait_until(lambda: "in use by process" in "\n".join(other.said["err"]))
    with demo(folder, 99999) as other:
        assert other.process.wait(20) == 1


def a_third_region_is_live_at_once(running: Demo) -> None:
    assert running.status("third.localhost") == 404
    made = manage(
        running.folder,
        *("onboard_region", "--name", "Troisième", "--slug", "third", "--host", "third.localhost"),
        *("--regions", "84", "--admin-email", "third@example.org"),
    )
    assert made.returncode == 0, made.stderr
    assert running.status("third.localhost") == 200


def a_killed_web_process_is_replaced(running: Demo) -> None:
    before = running.web()
    before.kill()
    assert wait_until(lambda: running.status(HOSTS[0]) == 200, 20)
    assert running.web().pid != before.pid
    assert sum(line.startswith("ready: ") for line in running.said["out"]) == 1
    running.all += family(running.process.pid)


@pytest.fixture
def real_servers(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, str]]:
    """A database and a Redis that somebody else runs: those of the tests."""
    name, prefix = f"demo_{os.getpid()}", f"demo{os.getpid()}_"
    with django_db_blocker.unblock():
        databases.create(name, databases.template_database())

    def address(variable: str, last: str) -> str:
        return f"{os.environ[variable].rsplit('/', 1)[0]}/{last}"

    yield {
        "DATABASE_URL": address("DATABASE_URL", name),
        "DATABASE_OWNER_URL": address("DATABASE_OWNER_URL", name),
        "REDIS_URL": address("REDIS_TEST_URL", "7"),
        "PASSERELLE_ROLE_PREFIX": prefix,
    }
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        for (role,) in connection.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [prefix]
        ).fetchall():
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_named_servers_are_used_with_processes_apart(real_servers: dict[str, str]) -> None:
    with open_folder() as parent, demo(parent / "data", free_port(), **real_servers) as running:
        running.until_ready()
        assert not (parent / "data" / "cluster").exists()
        assert not running.named("postgres")
        commands = {one.cmdline()[-1] for one in running.named("python")}
        assert {"worker", "beat"} <= commands
        running.process.send_signal(signal.SIGINT)
        assert running.ended(20) == 0


@pytest.mark.parametrize(
    ("arguments", "variables", "says"),
    [
        (["serve"], {}, "DATABASE_URL is not set"),
        (["demo"], {"DATABASE_URL": "postgresql://web@127.0.0.1:1/none"}, "DATABASE_OWNER_URL"),
    ],
)
def test_what_is_missing_is_said(
    arguments: Sequence[str], variables: dict[str, str], says: str
) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_region_is_not_made_where_there_are_no_tables() -> None:
    with open_folder() as parent:
        made = manage(
            parent / "data",
            *("onboard_region", "--name", "Troisième", "--slug", "third"),
            *("--host", "third.localhost", "--regions", "84", "--admin-email", "third@example.org"),
        )
    assert made.returncode == 2
    assert "migrate_schemas" in made.stderr
    assert "PASSERELLE_DATA" in made.stderr
    assert "Traceback" not in made.stderr
