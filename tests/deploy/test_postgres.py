"""The launcher with real servers: who may do what, and that nothing stays behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from deploy.postgres import EmbeddedPostgres, PostgresError
from tests.deploy.machine import ROOT, family, gone, is_root, open_folder, wait_until

# Starts a server, says so, and waits to be killed.
STARTER = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from deploy.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:
    print(server.web_url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made / "data"


def one(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def users(processes: list[psutil.Process]) -> set[int]:
    """Who runs them; one that has just ended is nobody's."""
    found = set()
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.add(process.uids().effective)
    return found


@contextmanager
def started(folder: Path, *before: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server that another process started, and its address."""
    process = subprocess.Popen(
        [*before, sys.executable, "-c", STARTER, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("postgresql://"), url
        try:
            yield process, url
        finally:
            process.kill()


def test_the_logins_have_their_powers_and_no_more(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        assert one(server.owner_url, "SELECT current_user") == "passerelle_owner"
        powers = (
            "SELECT rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb OR rolbypassrls "
            "OR rolreplication FROM pg_roles WHERE rolname = current_user"
        )
        assert one(server.web_url, powers) is False
        owner = (
            "SELECT rolcreaterole AND rolcreatedb AND NOT rolsuper FROM pg_roles "
            "WHERE rolname = current_user"
        )
        assert one(server.owner_url, owner) is True
        assert one(server.web_url, "SELECT current_setting('max_locks_per_transaction')") == "512"
        assert one(server.web_url, "SELECT upper('é') || lower('ÇŒ')") == "Éçœ"
        for wrong in ("passerelle_superuser", "passerelle_web"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(f"postgresql://{wrong}:guess@127.0.0.1:{server.port}/passerelle")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://passerelle_web@127.0.0.1:{server.port}/passerelle")
        listening = set()
        for process in family(os.getpid())[1:]:
            # A session's process may end while it is looked at; only the server listens.
            with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
                listening |= {
                    connection.laddr.ip
                    for connection in process.net_connections()
                    if connection.status == psutil.CONN_LISTEN
                }
        assert listening == {"127.0.0.1"}


def test_data_and_passwords_outlive_a_stop_and_nothing_runs_after_it(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        with psycopg.connect(server.owner_url) as connection:
            connection.execute("CREATE TABLE kept (number int)")
        processes = family(os.getpid())[1:]
        assert processes
    assert gone(processes)
    with EmbeddedPostgres(folder, durable=False) as server:
        assert one(server.owner_url, "SELECT count(*) FROM kept") == 0
    assert (folder / "postgres.json").stat().st_mode & 0o077 == 0


def test_two_folders_side_by_side_and_one_server_in_each(folder: Path) -> None:
    with (
        EmbeddedPostgres(folder, durable=False) as server,
        EmbeddedPostgres(folder.with_name("other"), durable=False) as other,
    ):
        assert server.port != other.port
        assert one(server.web_url, "SELECT 1") == one(other.web_url, "SELECT 1") == 1
        with pytest.raises(PostgresError, match=f"in use by process {os.getpid()}"):
            EmbeddedPostgres(folder, durable=False).start()
        assert one(server.web_url, "SELECT 1") == 1


def test_the_server_ends_with_a_killed_starter_and_starts_again(folder: Path) -> None:
    with started(folder) as (process, url):
        processes = family(process.pid)
        assert len(processes) > 3
        process.kill()
        process.wait()
        # At once, while the old server may still be stopping.
        with EmbeddedPostgres(folder, durable=False) as server:
            assert one(server.web_url, "SELECT 1") == 1
            assert gone(processes)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_killed_server_is_noticed_and_recovers(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        with psycopg.connect(server.owner_url) as connection:
            connection.execute("CREATE TABLE kept (number int)")
        processes = family(os.getpid())[1:]
        processes[0].kill()
        assert wait_until(lambda: not server.is_alive())
        assert wait_until(lambda: gone(processes))
    with EmbeddedPostgres(folder, durable=False) as server:
        assert one(server.owner_url, "SELECT count(*) FROM kept") == 0


def test_a_pid_file_that_names_another_program_is_no_obstacle(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        cluster = Path(str(one(server.superuser_url, "SELECT current_setting('data_directory')")))
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n1\n1\n\n\n\nready\n")
    with EmbeddedPostgres(folder, durable=False) as server:
        assert one(server.web_url, "SELECT 1") == 1


def test_a_forked_child_does_not_stop_its_parents_server(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        child = os.fork()
        if child == 0:
            server.stop()
            os._exit(0)
        os.waitpid(child, 0)
        assert one(server.web_url, "SELECT 1") == 1


def test_it_works_below_a_private_folder(folder: Path) -> None:
    """A home of mode 0700: root's server runs as somebody else, who cannot enter it."""
    folder.parent.chmod(0o700)
    server = EmbeddedPostgres(folder, durable=False)
    with server:
        assert one(server.web_url, "SELECT 1") == 1
    record = json.loads((folder / "postgres.json").read_text())
    assert ("folder" in record) == is_root()
    if is_root():
        private = Path(record["folder"])
        assert private.stat().st_mode & 0o777 == 0o700
        assert not (folder / "cluster").exists()
        with server:  # a second time, with what is there
            assert one(server.web_url, "SELECT 1") == 1
        server.remove()
        assert not private.exists()
    assert not [path for path in folder.iterdir() if path.name.startswith("cluster") and is_root()]


def test_it_works_as_an_ordinary_user(folder: Path) -> None:
    """As root, become one: without powers, except to read where the interpreter may be hidden."""
    become = []
    folder.mkdir()
    if is_root():
        os.chown(folder, 65534, 65534)
        capability = "+dac_read_search"
        become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        become += [f"--inh-caps={capability}", f"--ambient-caps={capability}"]
    with started(folder, *become) as (process, url):
        processes = family(process.pid)
        user = 65534 if is_root() else os.geteuid()
        assert {one.uids().effective for one in processes} == {user}
        assert one(url, "SELECT 1") == 1
        process.send_signal(signal.SIGINT)
        process.wait(10)
        assert gone(processes)


def test_a_folder_that_became_private_is_not_started_over(folder: Path) -> None:
    """Data that root's server could reach once are never replaced by an empty cluster."""
    with (
        EmbeddedPostgres(folder, durable=False) as server,
        psycopg.connect(server.owner_url) as connection,
    ):
        connection.execute("CREATE TABLE kept (number int)")
    folder.parent.chmod(0o700)
    again = EmbeddedPostgres(folder, durable=False)
    if is_root():
        with pytest.raises(PostgresError, match="cannot any more"):
            again.start()
        folder.parent.chmod(0o711)
    with again:
        assert one(again.owner_url, "SELECT count(*) FROM kept") == 0


def test_root_goes_on_with_an_ordinary_users_data(folder: Path) -> None:
    user = 65534 if is_root() else os.geteuid()
    folder.mkdir()
    os.chown(folder, user, -1)
    for _owner in range(2):
        with EmbeddedPostgres(folder, durable=False):
            assert users(family(os.getpid())[1:]) != {0}
        for path in (folder / "cluster").rglob("*") if is_root() else ():
            os.chown(path, user, -1)
        if is_root():
            os.chown(folder / "cluster", user, -1)


def test_removal_leaves_other_files_alone(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    with server:
        pass
    (folder / "holiday.jpg").write_text("mine")
    server.remove()
    assert not (folder / "cluster").exists()
    assert (folder / "holiday.jpg").exists()


def test_data_of_another_version_is_refused_with_what_to_do(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        cluster = Path(str(one(server.superuser_url, "SELECT current_setting('data_directory')")))
    (cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresError, match=r"made by PostgreSQL 12"):
        EmbeddedPostgres(folder, durable=False).start()
