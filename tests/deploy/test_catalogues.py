"""The catalogue tool on a small app of its own, read back by Python's own gettext."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from deploy import catalogues

PYTHON = """\
from django.utils.translation import gettext_lazy as _, ngettext_lazy, pgettext
TITLE = _("Find a "
          "ride")
SEATS = ngettext_lazy("%(count)d seat", "%(count)d seats", "count")
ROLE = pgettext("role", "Driver")
"""
TEMPLATE = """\
{% load i18n %}
<div>
    <p title="{% translate "It's here" %}">{{ value|default:_("nothing") }}</p>
  {% blocktranslate trimmed with name=member.name %}
      Hello {{ name }},
      welcome
  {% endblocktranslate %}
      {% blocktranslate trimmed count counter=n %}
          one community{% plural %}{{ counter }} communities
      {% endblocktranslate %}
  {% translate "Driver" context "role" %}
</div>
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    app = tmp_path / "core" / "little"
    (app / "templates" / "little").mkdir(parents=True)
    (app / "apps.py").write_text("")
    (app / "views.py").write_text(PYTHON)
    (app / "templates" / "little" / "page.html").write_text(TEMPLATE)
    return tmp_path


def translate(path: Path, words: dict[str, str]) -> None:
    text = path.read_text()
    for english, french in words.items():
        assert english in text
        text = text.replace(
            f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{french}"'
        )
    path.write_text(text)


def test_messages_of_code_and_templates_are_found(root: Path) -> None:
    app = root / "core" / "little"
    assert catalogues.update(app, root) == 7
    found = {(m.context, m.id) for m in catalogues.read(catalogues.catalogue_path(app)) if m.id}
    assert found == {
        (None, "Find a ride"),
        (None, ("%(count)d seat", "%(count)d seats")),
        ("role", "Driver"),
        (None, "It's here"),
        (None, "nothing"),
        (None, "Hello %(name)s, welcome"),
        (None, ("one community", "%(counter)s communities")),
    }
    text = catalogues.catalogue_path(app).read_text()
    assert "#: core/little/templates/little/page.html core/little/views.py" in text
    assert str(root) not in text


def test_update_keeps_translations_and_drops_what_is_gone(root: Path) -> None:
    app = root / "core" / "little"
    path = catalogues.catalogue_path(app)
    catalogues.update(app, root)
    translate(path, {"nothing": "rien", "It's here": "C’est ici"})
    (app / "views.py").write_text('_("Entirely new")\n')
    assert catalogues.update(app, root) == 4
    text = path.read_text()
    assert "C’est ici" in text and "rien" in text and "Find a ride" not in text
    before = path.stat().st_mtime_ns
    catalogues.update(app, root)
    assert path.stat().st_mtime_ns == before, "an update that changes nothing writes nothing"


def test_a_message_known_elsewhere_comes_translated(root: Path) -> None:
    catalogues.update(root / "core" / "little", root)
    translate(catalogues.catalogue_path(root / "core" / "little"), {"nothing": "rien"})
    other = root / "rides" / "other"
    other.mkdir(parents=True)
    (other / "apps.py").write_text('_("nothing")')
    assert catalogues.update(other, root) == 0
    assert 'msgstr "rien"' in catalogues.catalogue_path(other).read_text()


def test_compiled_catalogues_follow_their_source(root: Path) -> None:
    app = root / "core" / "little"
    path = catalogues.catalogue_path(app)
    catalogues.update(app, root)
    translate(path, {"nothing": "rien"})
    assert catalogues.stale(root) == [path]
    catalogues.compile_catalogues(catalogues.stale(root))
    assert catalogues.stale(root) == []
    with path.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("nothing") == "rien"
    os.utime(path, (1, 1))  # an older version checked out again
    assert catalogues.stale(root) == [path]


def test_check_says_what_is_not_complete(root: Path) -> None:
    app = root / "core" / "little"
    kinds = lambda: {(p.kind, p.message) for p in catalogues.check(root)}  # noqa: E731
    assert ("not in the catalogue", "nothing") in kinds()
    catalogues.update(app, root)
    assert ("untranslated", "role | Driver") in kinds()
    path = catalogues.catalogue_path(app)
    translate(path, {"Hello %(name)s, welcome": "Bonjour %(nom)s", "nothing": "rien"})
    assert ("other placeholders than the source", "Hello %(name)s, welcome") in kinds()
    path.write_text(path.read_text() + '\nmsgid "gone"\nmsgstr "parti"\n')
    assert ("no source has it", "gone") in kinds()
    path.write_text(path.read_text().replace('msgid "nothing"', '#, fuzzy\nmsgid "nothing"'))
    assert ("fuzzy", "nothing") in kinds()


def test_one_message_with_two_translations_is_refused(root: Path) -> None:
    for name, word in (("first", "rien"), ("second", "néant")):
        app = root / "rides" / name
        app.mkdir(parents=True)
        (app / "apps.py").write_text('_("void")')
        catalogues._replace(
            catalogues.catalogue_path(app),
            'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
            f'msgid "void"\nmsgstr "{word}"\n'.encode(),
        )
    assert "translated otherwise in rides/first" in {
        problem.kind for problem in catalogues.check(root)
    }
