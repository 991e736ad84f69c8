"""Files of a region: its own prefix, private unless said otherwise.

Two storages, by alias: ``storages["private"]`` gives links that expire after five minutes,
``storages["public"]`` (logos) gives plain addresses. Both put the tenant's schema name before
every key, and refuse to work outside a region. Behind them is any S3 endpoint, or a folder.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, Storage
from django.urls import reverse
from storages.backends.s3 import S3Storage

from tenants import signing
from tenants.context import current_tenant

PRIVATE_LINK_AGE = timedelta(minutes=5)
LINK_PURPOSE = "private-file"


def tenant_prefix() -> str:
    """Return the current tenant's key prefix; raise ``NoTenantError`` without one."""
    return str(current_tenant().schema_name)


def checked(name: str) -> str:
    """Return ``name`` if it stays below its prefix; raise ``SuspiciousFileOperation`` if not."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name:
        raise SuspiciousFileOperation("File name leaves its folder")
    return name


class RefusedStorage(Storage):
    """The default storage: refuses, so that each file says whether it is private or public."""

    def _refuse(self) -> Any:
        raise SuspiciousFileOperation('Name storages["private"] or storages["public"].')

    def _open(self, name: str, mode: str = "rb") -> Any:
        return self._refuse()

    def _save(self, name: str, content: Any) -> str:
        return str(self._refuse())

    def exists(self, name: str) -> bool:
        """Refused."""
        return bool(self._refuse())


class _Folder(FileSystemStorage):
    kind = ""

    @property
    def location(self) -> str:
        """The current region's own folder, asked anew each time: saved names are relative to it."""
        return str((settings.MEDIA_ROOT / self.kind / tenant_prefix()).absolute())

    def path(self, name: str) -> str:
        """Return the file's place: ``MEDIA_ROOT/<kind>/<tenant>/<name>``."""
        return super().path(checked(name))


class PrivateFolderStorage(_Folder):
    """Private files in a folder, read through a signed link of ``core.files``."""

    kind = "private"

    def url(self, name: str | None) -> str:
        """Return a link that works in this region for five minutes."""
        token = signing.dumps(checked(name or ""), purpose=LINK_PURPOSE)
        return reverse("files:private", args=[token])


class PublicFolderStorage(_Folder):
    """Public files in a folder, served by ``core.files``."""

    kind = "public"

    def url(self, name: str | None) -> str:
        """Return the file's plain address on the region's own host."""
        return reverse("files:public", args=[checked(name or "")])


class _S3(S3Storage):
    kind = ""

    def _normalize_name(self, name: str) -> str:
        return f"{self.kind}/{tenant_prefix()}/{checked(name)}"


class PrivateS3Storage(_S3):
    """Private objects: links signed by S3, five minutes."""

    kind = "private"
    querystring_auth = True

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return a link that S3 honours for five minutes."""
        kwargs["expire"] = int(PRIVATE_LINK_AGE.total_seconds())
        return str(super().url(name, *args, **kwargs))


class PublicS3Storage(_S3):
    """Public objects, such as logos: signed for a day, so that the bucket itself stays closed."""

    kind = "public"

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return a link that S3 honours for a day."""
        kwargs["expire"] = 86_400
        return str(super().url(name, *args, **kwargs))
