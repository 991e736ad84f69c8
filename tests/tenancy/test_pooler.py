"""A pooler in transaction mode hands one session to several regions: refused at start-up."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from pytest_django.fixtures import Settings

from tenants.checks import check_session_pooling, check_web_login


class Pooler:
    """Stands between client and server as PgBouncer does: it gives a process id of its own."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            threading.Thread(target=self._pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, True), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, rewrite: bool) -> None:
        try:
            while data := source.recv(65536):
                if rewrite and (at := data.find(b"K" + struct.pack("!i", 12))) >= 0:
                    data = data[: at + 5] + struct.pack("!ii", 4242, 1) + data[at + 13 :]
                    rewrite = False
                sink.sendall(data)
        except OSError:
            pass
        finally:
            sink.close()


@pytest.fixture
def through_pooler(django_db_setup: None, django_db_blocker: object) -> Callable[..., None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        settings = connection.settings_dict
        kept = settings["HOST"], settings["PORT"]
        connection.close()
        pooler = Pooler(kept[0] or "127.0.0.1", int(kept[1] or 5432))
        settings["HOST"], settings["PORT"] = "127.0.0.1", str(pooler.port)
        yield
        connection.close()
        settings["HOST"], settings["PORT"] = kept
        pooler.listener.close()


def test_a_pooler_is_refused(through_pooler: None, settings: Settings) -> None:
    assert [error.id for error in check_session_pooling(databases=["default"])] == ["tenants.E002"]
    with pytest.raises(SystemCheckError) as caught:
        call_command("check", databases=["default"])
    assert "tenants.E002" in str(caught.value)
    settings.POOLER = "session"
    assert check_session_pooling(databases=["default"]) == []


def test_a_direct_connection_is_not(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        assert check_session_pooling(databases=["default"]) == []
        assert check_web_login(databases=["default"]) == []
        connection.close()
