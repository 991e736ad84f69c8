"""A region's files are under its own prefix; private ones open by a link of five minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from tenants.context import tenant_scope
from tenants.errors import NoTenantError
from tenants.storage import PrivateS3Storage, PublicS3Storage
from tests.conftest import Twins

Clients = Callable[..., Any]


@pytest.mark.parametrize("kind", ["private", "public"])
def test_same_name_two_regions_two_files(kind: str, twins: Twins) -> None:
    storage = storages[kind]
    for tenant in twins:
        with tenant_scope(tenant):
            storage.delete("note.txt")
            storage.save("note.txt", ContentFile(tenant.slug.encode()))
    for tenant in twins:
        with tenant_scope(tenant), storage.open("note.txt") as file:
            assert file.read().decode() == tenant.slug


@pytest.mark.parametrize("kind", ["private", "public"])
def test_without_a_region_there_is_no_file(kind: str) -> None:
    with pytest.raises(NoTenantError):
        storages[kind].save("x.txt", ContentFile(b"x"))
    with pytest.raises(NoTenantError):
        storages[kind].exists("x.txt")


@pytest.mark.parametrize(
    "name", ["../t_beta/note.txt", "/etc/passwd", "a/../../b", "a\\..\\b", "a\x00b"]
)
def test_a_name_cannot_leave_its_prefix(name: str, twins: Twins) -> None:
    for kind in ("private", "public"):
        with tenant_scope(twins.a), pytest.raises(SuspiciousFileOperation):
            storages[kind].path(name)  # type: ignore[attr-defined]


def test_the_default_storage_refuses() -> None:
    with pytest.raises(SuspiciousFileOperation):
        storages["default"].save("x.txt", ContentFile(b"x"))


def test_a_private_link_opens_in_its_region_and_nowhere_else(
    twins: Twins, client_for: Clients
) -> None:
    with tenant_scope(twins.a):
        storages["private"].delete("secret.txt")
        storages["private"].save("secret.txt", ContentFile(b"alpha only"))
        url = storages["private"].url("secret.txt")
    with tenant_scope(twins.b):
        storages["private"].delete("secret.txt")
        storages["private"].save("secret.txt", ContentFile(b"beta only"))
    answer = client_for(twins.a).get(url)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"alpha only"
    assert client_for(twins.b).get(url).status_code == 404
    assert client_for(twins.a).get(url[:-2] + "xx/").status_code == 404
    assert client_for(twins.a).get("/fichiers/prive/secret.txt/").status_code == 404


def test_a_private_link_expires(
    twins: Twins, client_for: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    with tenant_scope(twins.a):
        storages["private"].save("late.txt", ContentFile(b"x"))
        url = storages["private"].url("late.txt")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    assert client_for(twins.a).get(url).status_code == 404


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    """A real S3 server on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    options = {
        "endpoint_url": f"http://{host}:{port}",
        "access_key": "test",
        "secret_key": "test",
        "region_name": "us-east-1",
        "bucket_name": "passerelle",
    }
    client = boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="passerelle")
    client.close()
    yield options
    server.stop()


def test_on_s3_keys_carry_the_region_and_links_expire(s3: dict[str, str], twins: Twins) -> None:
    private, public = PrivateS3Storage(**s3), PublicS3Storage(**s3)
    for tenant in twins:
        with tenant_scope(tenant):
            private.save("note.txt", ContentFile(tenant.slug.encode()))
            public.save("logo.txt", ContentFile(tenant.slug.encode()))
    keys = {item.key for item in private.bucket.objects.all()}
    assert keys == {
        "private/t_alpha/note.txt", "private/t_beta/note.txt",
        "public/t_alpha/logo.txt", "public/t_beta/logo.txt",
    }  # fmt: skip
    with tenant_scope(twins.a):
        url = private.url("note.txt")
        with private.open("note.txt") as file:
            assert file.read() == b"alpha"
    assert requests.get(url, timeout=5).text == "alpha"
    query = parse_qs(urlsplit(url).query)
    assert query.get("X-Amz-Expires", ["300"]) == ["300"]
    assert "X-Amz-Signature" in query or "Signature" in query
    with pytest.raises(NoTenantError):
        private.url("note.txt")
    with tenant_scope(twins.a), pytest.raises(SuspiciousFileOperation):
        private.open("../t_beta/note.txt")
