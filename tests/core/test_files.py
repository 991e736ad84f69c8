"""Files in a folder: whoever holds a fresh link of this region, and nobody else."""

from __future__ import annotations

import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from tenants import signing
from tenants.context import tenant_scope
from tenants.models import Tenant
from tenants.storage import LINK_PURPOSE, PRIVATE_LINK_AGE
from tests.client import StrictClient
from tests.conftest import Twins

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@pytest.fixture
def private(tenant: Tenant) -> str:
    """Return the link to a private file of twin A."""
    storage = storages["private"]
    return storage.url(storage.save("letters/secret.pdf", ContentFile(b"%PDF-1.4 secret")))


def body(response: object) -> bytes:
    """Read to the end, which closes the file."""
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_fresh_link_opens(client: StrictClient, private: str) -> None:
    answer = client.get(private)
    assert answer.status_code == 200
    assert body(answer) == b"%PDF-1.4 secret"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_another_regions_link_does_not_exist(twins: Twins, private: str) -> None:
    with tenant_scope(twins.b):
        storages["private"].save("letters/secret.pdf", ContentFile(b"%PDF-1.4 of beta"))
    assert StrictClient("beta.localhost").get(private).status_code == 404


def test_an_old_link_does_not_exist(
    client: StrictClient, private: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = time.time() + PRIVATE_LINK_AGE.total_seconds() + 2
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(private).status_code == 404
    fresh = storages["private"].url("letters/secret.pdf")
    assert body(client.get(fresh))


def test_what_is_not_exactly_right_does_not_exist(client: StrictClient, private: str) -> None:
    token = private.rstrip("/").rpartition("/")[2]
    flipped = token[:-1] + ("A" if token[-1] != "A" else "B")
    other_purpose = signing.dumps("letters/secret.pdf", purpose="something-else")
    for bad in (flipped, other_purpose, "x", token[: len(token) // 2]):
        assert client.get(f"/fichiers/prive/{bad}/").status_code == 404, bad
    for name in ("letters", "gone.pdf", "../../public/x", "/etc/passwd", "a\x00b"):
        token = signing.dumps(name, purpose=LINK_PURPOSE)
        assert client.get(f"/fichiers/prive/{token}/").status_code == 404, name


def test_a_private_file_is_not_public(client: StrictClient, private: str) -> None:
    assert client.get("/fichiers/public/letters/secret.pdf").status_code == 404


def test_public_files_are_each_regions_own(client: StrictClient, tenant: Tenant) -> None:
    storage = storages["public"]
    name = storage.save("logos/ours.png", ContentFile(PNG))
    answer = client.get(storage.url(name))
    assert body(answer) == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert "max-age=600" in answer.headers["Cache-Control"]
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert StrictClient("beta.localhost").get(storage.url(name)).status_code == 404


@pytest.mark.parametrize("path", ["", "logos", "../private/x", "%2e%2e/x", "..%2f..%2fetc/passwd"])
def test_public_paths_that_lead_nowhere(client: StrictClient, tenant: Tenant, path: str) -> None:
    storages["public"].save("logos/one.png", ContentFile(PNG))
    assert client.get(f"/fichiers/public/{path}").status_code == 404


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "script.js", "thing"])
def test_what_could_run_is_downloaded(client: StrictClient, tenant: Tenant, name: str) -> None:
    storage = storages["public"]
    saved = storage.save(name, ContentFile(b"<svg onload=alert(1)>"))
    answer = client.get(storage.url(saved))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    body(answer)


def test_only_reading(client: StrictClient, private: str) -> None:
    assert client.post(private).status_code == 405
    answer = client.head(private)
    assert answer.status_code == 200
    assert body(answer) == b""
