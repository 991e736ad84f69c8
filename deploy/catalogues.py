"""Translation catalogues without the system's gettext tools.

``makemessages`` and ``compilemessages`` call ``xgettext`` and ``msgfmt``, which a
fresh machine does not have. Babel reads and writes the same files in Python.

    python -m deploy.catalogues update core/accounts communities/communities
    python -m deploy.catalogues update --all
    python -m deploy.catalogues compile
    python -m deploy.catalogues check

An app is a folder with an ``apps.py``; its French lives in
``<app>/locale/fr/LC_MESSAGES/django.po``. The English is the msgid itself. The
compiled ``.mo`` files are made when needed and never committed.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.typography import french

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("tenants", "core", "branding", "regions", "communities", "rides", "deploy")
LANGUAGE = "fr"

# Position of the message, its plural and its context ("c") in each call.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

# No dates and no tool names: a catalogue changes when its words do.
HEADER = """\
# French words of {app}. Update with: python -m deploy.catalogues update {app}
msgid ""
msgstr ""
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""

PLACEHOLDER = re.compile(r"%(?:%|\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|[a-zA-Z])|\{\w*\}")


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a catalogue: which one, what, and about which message."""

    catalogue: str
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.catalogue}: {self.kind}: {self.message}"


def app_folders(root: Path = ROOT) -> list[Path]:
    """Every folder below the floors that holds an ``apps.py``, sorted."""
    return sorted(
        found.parent
        for floor in FLOORS
        for found in (root / floor).rglob("apps.py")
        if not {".venv", "node_modules"} & set(found.parts)
    )


def catalogue_path(app: Path) -> Path:
    """Where the French catalogue of this app lives."""
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def _sources(app: Path) -> Iterator[Path]:
    """Python files and templates of an app, without those of apps inside it."""
    for folder, names, files in os.walk(app):
        here = Path(folder)
        names[:] = sorted(
            name
            for name in names
            if name not in {"__pycache__", "locale", "migrations", "static"}
            and not (here / name / "apps.py").exists()
        )
        for name in sorted(files):
            path = here / name
            if path.suffix == ".py" or (
                "templates" in path.parts and path.suffix in {".html", ".txt", ".xml", ".svg"}
            ):
                yield path


def _as_python(path: Path) -> bytes:
    """The file as Python that Babel's extractor can read, line for line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # Only calls and rows of X are left; indentation would be a syntax error.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).split("\n"))
    return text.encode()


def extract(app: Path, root: Path = ROOT) -> Catalog:
    """All translatable messages of an app, with the files they come from."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract as babel_extract

    catalog = Catalog(locale=LANGUAGE)
    for path in _sources(app):
        found = babel_extract(
            "python",
            io.BytesIO(_as_python(path)),
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            options={"encoding": "utf-8"},
            strip_comment_tags=False,
        )
        for _line, message, comments, context in found:
            catalog.add(
                message,
                locations=[(path.relative_to(root).as_posix(), 0)],
                auto_comments=comments,
                context=context,
            )
    return catalog


def read(path: Path) -> Catalog:
    """The catalogue in this file; an empty one when there is no file."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as source:
        return read_po(source, locale=LANGUAGE, abort_invalid=True)


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _strings(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one per plural form; empty if none."""
    found = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return tuple(text for text in found if text) if all(found) else ()


def _set(string: str | Sequence[str]) -> str | tuple[str, ...]:
    """A translation, or one per plural form, with French typography."""
    return french(string) if isinstance(string, str) else tuple(map(french, string))


def _name(message: Message) -> str:
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context} | {singular}" if message.context else singular


def update(app: Path, root: Path = ROOT) -> int:
    """Bring an app's catalogue in line with its sources; return the messages to translate.

    Translations are kept, messages that no source has any more are removed, and a
    message that another app has translated already takes that translation. French typography
    (``deploy.typography``) is set on the way.
    """
    from babel.messages.pofile import write_po

    path = catalogue_path(app)
    old, new = read(path), extract(app, root)
    if not any(_messages(new)):
        path.unlink(missing_ok=True)
        return 0
    others = [read(catalogue_path(other)) for other in app_folders(root) if other != app]
    missing = 0
    for message in _messages(new):
        for catalog in (old, *others):
            known = catalog.get(message.id, message.context)
            if (
                known is None
                or not _strings(known)
                or bool(known.pluralizable) != bool(message.pluralizable)
            ):
                continue
            message.string = _set(known.string or "")
            message.flags |= known.flags
            if catalog is old:
                message.user_comments = known.user_comments
            break
        missing += not _strings(message)
    body = io.BytesIO()
    write_po(body, new, width=0, omit_header=True, include_lineno=False, sort_by_file=True)
    text = (
        HEADER.format(app=app.relative_to(root).as_posix())
        + body.getvalue().decode().strip()
        + "\n"
    )
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        _replace(path, text.encode())
    return missing


def _replace(path: Path, content: bytes) -> None:
    """Write a whole file at once, so that nobody reads half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)


def stale(root: Path = ROOT) -> list[Path]:
    """Catalogues whose compiled file is missing or not of the same moment.

    Costs a few stats only: it runs before every command.
    """
    found = []
    for floor in FLOORS:
        for path in (
            *(root / floor).glob("locale/*/*/django.po"),
            *(root / floor).glob("*/locale/*/*/django.po"),
        ):
            compiled = path.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime_ns != path.stat().st_mtime_ns:
                found.append(path)
    return found


def compile_catalogues(paths: Iterable[Path]) -> None:
    """Write the ``.mo`` beside each ``.po``, with the same time of change."""
    from babel.messages.mofile import write_mo

    for path in paths:
        before = path.stat().st_mtime_ns
        body = io.BytesIO()
        write_mo(body, read(path))
        _replace(path.with_suffix(".mo"), body.getvalue())
        os.utime(path.with_suffix(".mo"), ns=(before, before))


def _placeholders(text: str) -> set[str]:
    return {found for found in PLACEHOLDER.findall(text) if found != "%%"}


def _flaws(message: Message) -> Iterator[str]:
    """What is wrong with one translated message."""
    strings = _strings(message)
    if not strings:
        yield "untranslated"
        return
    if message.fuzzy:
        yield "fuzzy"
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    known = {name for text in ids for name in _placeholders(text)}
    if any(french(text) != text for text in strings):
        yield "typography (an update of the catalogue sets it)"
    for text in strings:
        used = _placeholders(text)
        # A singular may say "one" instead of the number.
        if used - known or (len(ids) == 1 and known - used):
            yield "other placeholders than the source"
            return


def check(root: Path = ROOT) -> list[Problem]:
    """Everything that keeps the French from being complete and unambiguous.

    Django merges the catalogues of all apps into one, so the same message translated
    in two ways would depend on the order of apps: it is reported too (give one of them
    a context with ``pgettext``).
    """
    problems: list[Problem] = []
    said: dict[tuple[str | None, str], tuple[str, tuple[str, ...]]] = {}
    for app in app_folders(root):
        name = app.relative_to(root).as_posix()
        source, catalog = extract(app, root), read(catalogue_path(app))
        for message in _messages(source):
            known = catalog.get(message.id, message.context)
            if known is None:
                problems.append(Problem(name, "not in the catalogue", _name(message)))
                continue
            problems += [Problem(name, flaw, _name(message)) for flaw in _flaws(known)]
            strings = _strings(known)
            key = (
                message.context or None,
                message.id if isinstance(message.id, str) else message.id[0],
            )
            if strings and said.setdefault(key, (name, strings))[1] != strings:
                problems.append(
                    Problem(name, f"translated otherwise in {said[key][0]}", _name(message))
                )
        problems += [
            Problem(name, "no source has it", _name(message))
            for message in _messages(catalog)
            if source.get(message.id, message.context) is None
        ]
    return problems


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status (1 when ``check`` finds something)."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.catalogues", description="Translation catalogues."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    updating = commands.add_parser("update", help="extract messages into the apps' catalogues")
    updating.add_argument("apps", nargs="*", type=Path, metavar="APP", help="folders of apps")
    updating.add_argument("--all", action="store_true", help="every app")
    commands.add_parser("compile", help="make the .mo files that are missing or old")
    commands.add_parser("check", help="list what is untranslated, fuzzy, missing or ambiguous")
    options = parser.parse_args(arguments)
    if options.command == "compile":
        compile_catalogues(stale())
        return 0
    if options.command == "check":
        problems = check()
        for problem in problems:
            print(problem)
        return 1 if problems else 0
    apps = app_folders() if options.all else [path.resolve() for path in options.apps]
    if not apps:
        parser.error("name the folders of apps, or --all")
    for app in apps:
        if not (app / "apps.py").exists():
            parser.error(f"{app}: no apps.py there")
        missing = update(app)
        print(f"{app.relative_to(ROOT)}: {missing} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
