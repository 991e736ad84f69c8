"""Style sheets, sprites and scripts: whole, light, and within the policy."""

import gzip
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from django.template import Context, Template
from django.test import override_settings

from branding.themes.palette import PAIRS, palette_of
from branding.themes.stylesheet import stylesheet
from core.shell.cards import Badge, PersonLine, TripCard
from tests.client import StrictClient, complaints

ROOT = Path(settings.BASE_DIR)
SHELL = ROOT / "core" / "shell"
STATIC = SHELL / "static" / "shell"
SHEETS = sorted((STATIC / "css").glob("*.css"))
OUR_TEMPLATES = [
    template
    for floor in ("core", "branding", "regions", "communities", "rides")
    for template in sorted((ROOT / floor).rglob("templates/**/*.html"))
]
LIMIT = 120_000
"""Bytes of the home page with all it needs, compressed, without a map."""


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def test_the_default_tokens_are_a_computed_palette() -> None:
    """The neutral look is what palette.py gives for its colours; nobody touched a value by hand."""
    css = (STATIC / "css" / "tokens.css").read_text()
    assert stylesheet(palette_of("#34478c", "#e0a339"), radius="soft").strip() in css


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_components_read_roles_and_no_raw_colour(sheet: Path) -> None:
    if sheet.name == "tokens.css":
        return
    css = without_comments(sheet.read_text())
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", css.replace("#000", ""))
    roles = set(palette_of("#34478c").light)
    steps = re.compile(r"(accent|second|neutral)-\d+")
    known = (STATIC / "css" / "tokens.css").read_text()
    for name in set(re.findall(r"var\(--([a-z0-9-]+)", css)):
        assert not steps.fullmatch(name), f"{sheet.name} reads the raw scale: --{name}"
        assert name in roles or f"--{name}:" in known, f"{sheet.name}: --{name} is unknown"


def test_the_pairs_that_components_use_are_promised() -> None:
    """A rule that sets both colour and ground uses a pair that palette.py guarantees."""
    promised = {(pair.front, pair.back) for pair in PAIRS}
    rule = re.compile(r"\{([^{}]*)\}")
    for sheet in SHEETS:
        for body in rule.findall(without_comments(sheet.read_text())):
            front = re.search(r"(?:^|;|\s)color: var\(--([a-z0-9-]+)\)", body)
            back = re.search(r"background(?:-color)?: var\(--([a-z0-9-]+)\);", body)
            if front and back and front[1] != back[1]:
                pair = (front[1], back[1])
                turned = (back[1], front[1])
                assert pair in promised or turned in promised, f"{sheet.name}: {pair}"


def test_motion_stops_for_those_who_ask() -> None:
    assert "prefers-reduced-motion: reduce" in (STATIC / "css" / "base.css").read_text()


def test_no_text_is_smaller_than_14_pixels() -> None:
    for sheet in SHEETS:
        for size, unit in re.findall(r"font-size: ([\d.]+)(rem|px)", sheet.read_text()):
            assert float(size) * (16 if unit == "rem" else 1) >= 14, (sheet.name, size, unit)


@pytest.mark.parametrize("name", ["icons.svg", "drawings.svg"])
def test_sprites_are_sound_and_scriptless(name: str) -> None:
    text = (STATIC / name).read_text()
    tree = ElementTree.fromstring(text)
    ids = [symbol.get("id") for symbol in tree]
    assert len(ids) == len(set(ids))
    assert all(symbol.get("viewBox") for symbol in tree)
    assert "style=" not in text, "the policy would refuse it"
    assert "<script" not in text


def test_every_icon_and_drawing_that_is_named_exists() -> None:
    known = {
        name: set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / f"{name}s.svg").read_text()))
        for name in ("icon", "drawing")
    }
    for template in OUR_TEMPLATES:
        for kind, name in re.findall(r'{% (icon|drawing) "([a-z-]+)"', template.read_text()):
            assert name in known[kind], f"{template.name}: {kind} {name}"
    for module in ROOT.glob("*/*/**/*.py"):
        if "tests" in module.parts or ".venv" in module.parts:
            continue
        for name in re.findall(r'\bicon="([a-z-]+)"', module.read_text()):
            assert name in known["icon"], f"{module}: icon {name}"


def test_every_motif_has_its_pattern_and_its_landscape() -> None:
    from branding.themes.models import Theme

    css = (STATIC / "css" / "layout-motifs.css").read_text()
    for motif in Theme.Motif.values:
        if motif == "plain":
            continue
        for kind in ("motif", "scene"):
            assert (STATIC / "img" / f"{kind}-{motif}.svg").is_file()
            assert f"../img/{kind}-{motif}.svg" in css


@pytest.mark.parametrize("template", OUR_TEMPLATES, ids=lambda path: path.name)
def test_templates_have_nothing_inline(template: Path) -> None:
    if "mails" in template.parts or template.name.startswith("mail"):
        return  # e-mail programs read nothing but inline styles
    source = re.sub(r"{%.*?%}|{{.*?}}", "", template.read_text(), flags=re.DOTALL)
    assert not complaints(source), complaints(source)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All static files, as a deployment collects them: every address in them must resolve."""
    root = tmp_path_factory.mktemp("static")
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    with override_settings(STATIC_ROOT=root, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


def test_a_deployment_finds_the_font_and_every_image(collected: Path) -> None:
    with override_settings(STATIC_ROOT=collected):
        storage = ManifestStaticFilesStorage(location=collected)
        base = (collected / storage.stored_name("shell/css/base.css")).read_text()
        (font,) = re.findall(r'url\("([^"]+)"\)', base)
        assert re.fullmatch(r"../../fonts/Figtree(%5B|\[)wght(%5D|\])\.[0-9a-f]{12}\.ttf", font)
        found = finders.find("shell/css/forms.css")
        assert "@import" not in Path(found).read_text(), "one request, collected or not"
        assert "@import" not in (collected / storage.stored_name("shell/css/forms.css")).read_text()
        layout = (collected / storage.stored_name("shell/css/layout.css")).read_text()
        for address in re.findall(r'url\("([^"]+)"\)', layout):
            assert (collected / "shell" / "css" / address).resolve().is_file()


def test_the_home_page_is_light(twins, _database, client: StrictClient, collected: Path) -> None:
    """What a first visit costs, compressed: the page, style, font, scripts and landscape."""
    response = client.get("/")
    html = response.content.decode()
    total = len(gzip.compress(response.content))
    theme = re.search(r'href="(/theme\.css[^"]*)"', html)
    assert theme
    total += len(gzip.compress(client.get(theme[1]).content))
    addresses = set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))
    assert any(name.endswith("shell.js") for name in addresses)
    addresses |= {f"shell/js/{path.name}" for path in (STATIC / "js").glob("*.js")}
    addresses |= {"shell/img/motif-waves.svg", "shell/img/scene-waves.svg"}
    from urllib.parse import unquote

    for address in addresses:
        found = finders.find(unquote(address))
        assert found, address
        total += len(gzip.compress(Path(str(found)).read_bytes()))
    assert total <= LIMIT, f"{total} bytes"


# --- Components -----------------------------------------------------------------------------------


def rendered(source: str, **context: object) -> str:
    return Template("{% load shell %}" + source).render(Context(context))


def test_a_trip_card_needs_two_places_only() -> None:
    html = rendered(
        '{% include "components/trip.html" %}', trip=TripCard("/a/", "Fougères", "Rennes")
    )
    assert "Fougères" in html
    assert "trip__price" not in html
    assert "trip__foot" not in html


def test_a_trip_card_tells_price_days_walk_and_person() -> None:
    from datetime import time

    trip = TripCard(
        "/a/",
        "Rennes <b>",
        "Vitré",
        departs=time(7, 40),
        duration=2280,
        weekdays=frozenset({1, 2}),
        walk_before=0,
        walk_after=150,
        detour=240,
        price=0,
        seats=1,
        person=PersonLine("Pierre L.", badges=(Badge("Email vérifié", icon="shield"),)),
    )
    html = rendered('{% include "components/trip.html" %}', trip=trip).replace("\u00a0", " ")
    for words in ("07:40", "38 min", "0 m à pied", "150 m à pied", "4 min de détour", "Gratuit"):
        assert words in html, words
    assert "lundi et mardi" in html
    assert "1 place" in html
    assert "Rennes &lt;b&gt;" in html
    assert "par personne" not in html


def test_icons_are_silent_unless_they_stand_alone() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "car" %}')
    labelled = rendered('{% icon "car" label=words %}', words="En <voiture>")
    assert 'role="img" aria-label="En &lt;voiture&gt;"' in labelled
    assert "aria-hidden" not in labelled


def test_turning_a_page_keeps_the_filters() -> None:
    from django.core.paginator import Paginator
    from django.test import RequestFactory

    request = RequestFactory().get("/x/?q=a%26b&page=2")
    page = Paginator(range(95), 10).get_page(2)
    html = rendered('{% include "components/pagination.html" %}', request=request, page=page)
    assert 'href="?q=a%26b&amp;page=3"' in html
    assert "11–20 sur 95" in html
    assert html.count('aria-current="page"') == 1
    empty = rendered(
        '{% include "components/pagination.html" %}',
        request=request,
        page=Paginator([], 10).get_page(1),
    )
    assert empty.strip() == ""
