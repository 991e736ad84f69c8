"""Static files under names that carry their content's hash, JavaScript imports included.

A style sheet that only imports others of its folder is written as one: its parts are for those who
write them, and a browser asks for one file. Where nothing is collected, it asks for each part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT: Final = re.compile(r'^@import url\("([a-z-]+\.css)"\);\n', re.MULTILINE)


class _Joined:
    """The storage of a sheet, with its parts in place of what imports them."""

    def __init__(self, storage: Any, text: str) -> None:
        self._storage, self._text = storage, text

    def open(self, _path: str) -> ContentFile[bytes]:
        """Return the whole sheet."""
        return ContentFile(self._text.encode())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)


class JoinedSheets:
    """A storage that puts sheets together before it gives them their names."""

    def post_process(
        self, paths: dict[str, tuple[Any, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Put sheets together, then do what the storage does."""
        for name in [one for one in paths if one.endswith(".css")]:
            storage, path = paths[name]
            text = _read(storage, path)
            folder = path.rpartition("/")[0]
            whole = _IMPORT.sub(lambda part, s=storage, f=folder: _read(s, f"{f}/{part[1]}"), text)
            if whole != text:
                paths[name] = (_Joined(storage, whole), path)
        yield from super().post_process(paths, dry_run, **options)  # type: ignore[misc]


def _read(storage: Any, path: str) -> str:
    with storage.open(path) as file:
        return str(file.read().decode())


class HashedStatics(JoinedSheets, CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, also rewriting ``import "./x.js"`` so that modules may be cached."""

    support_js_module_import_aggregation = True
