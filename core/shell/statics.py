"""Static files: sheets of several parts as one, and names that carry their content's hash.

A style sheet that imports others of its folder is found as one: its parts are for those who write
them, and a browser asks for one file, collected or not.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.contrib.staticfiles.utils import get_files
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT: Final = re.compile(r'^@import url\("([a-z-]+\.css)"\);\n', re.MULTILINE)


class JoinedSheets(BaseFinder):
    """Finds sheets with their parts in place of what imports them; the first of the finders."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        folder = Path(tempfile.mkdtemp(prefix="passerelle-sheets-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        self.folder, self.storage = folder, FileSystemStorage(location=folder)
        for path, storage in AppDirectoriesFinder().list([]):
            if path.endswith(".css"):
                _join(Path(storage.path(path)), folder / path)

    def check(self, **_kwargs: Any) -> list[Any]:
        """Nothing is set, so nothing is wrong."""
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        """Return where a joined sheet is; nothing for other files."""
        found = self.folder / path
        if ".." in Path(path).parts or not found.is_file():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        """Yield every joined sheet."""
        for path in get_files(self.storage, [*(ignore_patterns or ())]):
            yield path, self.storage


def _join(sheet: Path, to: Path) -> None:
    """Write a sheet with its parts, if it has any."""
    text = sheet.read_text()
    whole = _IMPORT.sub(lambda part: sheet.with_name(part[1]).read_text(), text)
    if whole != text:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(whole)


class HashedStatics(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, also rewriting ``import "./x.js"`` so that modules may be cached."""

    support_js_module_import_aggregation = True
