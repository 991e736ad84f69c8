"""``manage.py demo``: both regions in a browser, from nothing."""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deploy import environment
from deploy.bootstrap import ROOT
from deploy.demo import cast, ready
from deploy.postgres import EmbeddedPostgres, PostgresError
from deploy.processes import die_with_parent, follow_parent

MADE_BY_US = ("mails", "media", "static")
FILES = ("demo.json", environment.RUNNING, "secret-key", "postgres.log", "beat")
NOT_READY = 3  # gunicorn's own status of a worker that could not start: it stops everything


class DemoError(Exception):
    """The demo cannot start; the text says what to do about it."""


class Progress:
    """Lines with the seconds since the start, on the error stream."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def __call__(self, text: str) -> None:
        """Say what happens now."""
        print(f"[{time.monotonic() - self._started:5.1f} s] {text}", file=sys.stderr, flush=True)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="8000 unless said otherwise")
    parser.add_argument(
        "--data", type=Path, default=environment.data_folder(), help="where everything is kept"
    )
    parser.add_argument(
        "--scale",
        choices=("small", "demo", "full"),
        default="demo",
        help="how many people, the first time; full: 70 000, with 100 000 adverts, in minutes",
    )
    parser.add_argument("--fresh", action="store_true", help="forget what is kept, start over")
    return parser.parse_args(arguments)


def _listen(port: int) -> list[socket.socket]:
    """Take the port on this machine's own addresses, before any work is done."""
    taken = []
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind((address, port))
            listener.listen(128)
        except OverflowError:
            raise DemoError(f"There is no port {port}: choose one from 1024 to 65535.") from None
        except OSError as error:
            if family == socket.AF_INET6 and error.errno != errno.EADDRINUSE:
                continue  # a machine without IPv6
            if error.errno == errno.EACCES:
                raise DemoError(
                    f"Port {port} needs more rights: --port 8000, for instance."
                ) from None
            raise DemoError(
                f"Port {port} of {address} is in use by another program.\n"
                f"Stop that, or take another port:  python3 manage.py demo --port {port + 1}"
            ) from None
        taken.append(listener)
    return taken


def _forget(data: Path) -> None:
    """Remove what an earlier demo kept; nothing else that may be in the folder."""
    EmbeddedPostgres(data).remove()
    for name in MADE_BY_US:
        shutil.rmtree(data / name, ignore_errors=True)
    for name in FILES:
        (data / name).unlink(missing_ok=True)


@contextlib.contextmanager
def _database(data: Path, port: int, say: Progress) -> Iterator[EmbeddedPostgres | None]:
    """The database that is named, else our own; sets the environment either way."""
    if "DATABASE_URL" in os.environ:
        if "DATABASE_OWNER_URL" not in os.environ:
            raise DemoError(
                "DATABASE_URL names a database, so the demo uses it; it also needs\n"
                'DATABASE_OWNER_URL, the login that migrates (deploy/README.md, "Real servers").'
            )
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        say("using the database of DATABASE_URL")
        variables = environment.embedded(
            data,
            port=port,
            web_url=os.environ["DATABASE_URL"],
            owner_url=os.environ["DATABASE_OWNER_URL"],
        )
        environment.set_defaults(variables)
        yield None
        return
    say("starting PostgreSQL")
    with EmbeddedPostgres(data) as server:
        variables = environment.embedded(
            data, port=port, web_url=server.web_url, owner_url=server.owner_url
        )
        # The folder and the port of this demo, whatever the shell says.
        os.environ.update(PASSERELLE_DATA=str(data), PASSERELLE_PORT=str(port))
        environment.set_defaults(variables)
        environment.remember_running(data, variables)
        try:
            yield server
        finally:
            environment.forget_running(data)


def write_description(data: Path, port: int) -> dict[str, Any]:
    """Write ``demo.json``: what was made, for people and for tests."""
    description = {
        "regions": [
            {"slug": one.slug, "host": one.host, "url": f"http://{one.host}:{port}"}
            for one in cast.REGIONS
        ],
        "accounts": [
            {
                "region": one.region,
                "role": one.role,
                "host": one.host,
                "email": one.email,
                "password": one.password,
            }
            for one in cast.ACCOUNTS
        ],
        "mails": f"http://{cast.MAIL_HOST}:{port}",
    }
    half = data / "demo.json.tmp"
    half.write_text(json.dumps(description, indent=2, ensure_ascii=False) + "\n")
    half.replace(data / "demo.json")
    return description


def _other_regions(port: int) -> str:
    """The addresses of the regions that were added to those of the demo."""
    from django.db import connection

    from tenants.context import registry_scope
    from tenants.models import Domain

    try:
        with registry_scope():
            hosts = Domain.objects.filter(
                kind=Domain.Kind.SITE, is_primary=True, tenant__state="live"
            ).exclude(host__in=[one.host for one in cast.REGIONS])
            return " ".join(f"http://{one.host}:{port}" for one in hosts.order_by("host"))
    finally:
        connection.close()  # this thread's own, which nobody asks again


def _announce(port: int, data: Path) -> None:
    """The line that says that all is well, then what a person wants to know."""
    hosts = [*(one.host for one in cast.REGIONS), cast.PLATFORM_HOST]
    elsewhere = (
        "" if data == environment.DEFAULT_DATA else f"PASSERELLE_DATA={shlex.quote(str(data))} "
    )
    print("ready: " + " ".join(f"http://{host}:{port}" for host in hosts), flush=True)
    lines = [
        "",
        "Sign in with the password " + cast.PASSWORD + " alone as (a real region also asks its"
        " administrators for a second factor):",
    ]
    lines += [f"  {one.host:20} {one.role:14} {one.email}" for one in cast.ACCOUNTS]
    lines += [
        "",
        f"Mails, with the codes in them: http://{cast.MAIL_HOST}:{port}",
        *([f"Other regions: {others}"] if (others := _other_regions(port)) else []),
        "Consoles: " + " ".join(f"http://{one.console_host}:{port}" for one in cast.REGIONS),
        f"Data: {data}",
        f"Other commands on it: {elsewhere}python3 manage.py …",
        "Stop: Ctrl-C",
    ]
    print("\n".join(lines), flush=True)


def _check_and_announce(port: int, data: Path) -> None:
    """In the web process: look at every address as a visitor, then say so, or stop it all."""
    from deploy.demo import content, rides_done

    hosts = [*(one.host for one in cast.REGIONS), cast.PLATFORM_HOST, cast.MAIL_HOST]
    try:
        ready.wait(port, hosts, content.searches())
    except Exception as problem:  # noqa: BLE001 - whatever it is, the demo is not ready
        print(f"\nThe demo does not work: {problem}", file=sys.stderr, flush=True)
        os._exit(NOT_READY)
    _announce(port, data)
    rides_done.publish()


def _separate_processes() -> list[subprocess.Popen[bytes]]:
    """Worker and clock as real servers have them, when REDIS_URL names a queue."""
    manage = str(ROOT / "manage.py")
    return [
        subprocess.Popen(
            [sys.executable, manage, name],
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=follow_parent(signal.SIGTERM),
        )
        for name in ("worker", "beat")
    ]


def _serve(
    listeners: list[socket.socket], server: EmbeddedPostgres | None, port: int, data: Path
) -> None:
    """Serve until told to stop; leaves by ``SystemExit``."""
    from deploy.demo import background
    from deploy.server import Server

    separate = _separate_processes() if os.environ.get("REDIS_URL") else []
    arbiter = os.getpid()

    def watch() -> str | None:
        if server is not None and not server.is_alive():
            return (
                f"PostgreSQL stopped unexpectedly ({data / 'postgres.log'} may say why): "
                "so does the demo."
            )
        if any(process.poll() is not None for process in separate):
            return "The task worker or the clock stopped unexpectedly: so does the demo."
        return None

    def after_fork(_arbiter: Any, _worker: Any) -> None:
        die_with_parent(signal.SIGKILL, arbiter)

    def after_start(worker: Any) -> None:
        if not separate:
            background.start()
        if worker.age == 1:  # a second one replaces one that was killed
            threading.Thread(target=_check_and_announce, args=(port, data), daemon=True).start()

    try:
        Server(
            {
                "bind": [f"fd://{listener.fileno()}" for listener in listeners],
                "workers": 1,
                "threads": 8,
                "graceful_timeout": 2,
                "loglevel": "critical",  # what ends the demo is said in our own words
                "post_fork": after_fork,
                "post_worker_init": after_start,
            },
            watch,
        ).run()
    finally:
        if os.getpid() == arbiter:
            for process in separate:
                process.terminate()
            for process in separate:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(5)


def _run(options: argparse.Namespace, say: Progress) -> None:
    data = options.data.resolve()
    listeners = _listen(options.port)
    if options.fresh:
        say(f"forgetting what {data} holds")
        _forget(data)
    with _database(data, options.port, say) as server:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", environment.SETTINGS)
        django.setup()
        from django.db import connections

        from deploy.demo import content

        for name in MADE_BY_US:
            (data / name).mkdir(mode=0o700, exist_ok=True)
        content.make(say, scale=options.scale)
        connections.close_all()  # the web process, forked next, makes its own
        write_description(data, options.port)
        say("starting the web server")
        _serve(listeners, server, options.port, data)


def main(arguments: Sequence[str]) -> int:
    """Run the demo until Ctrl-C; returns the exit status."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(0))
    try:
        _run(options, Progress())
    except (DemoError, PostgresError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except PermissionError as problem:
        print(
            f"\n{options.data} cannot be used: {problem.strerror}: {problem.filename}",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0
