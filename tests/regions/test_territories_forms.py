"""The municipality field, with and without its script; the map's element."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from core.accounts.registration import extras
from regions.territories.forms import MunicipalityField, MunicipalityInput, Typed, typed_for
from regions.territories.queries import municipality_get
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("tenant")


def form(data: dict[str, str] | None = None, **options: Any) -> forms.Form:
    initial = options.pop("initial", None)
    fields = {"home": MunicipalityField(label="Home", **options)}
    kind = type("HomeForm", (forms.Form,), fields)
    return kind(data, initial={"home": initial})  # type: ignore[no-any-return]


def chosen(data: dict[str, str], **options: Any) -> str:
    filled = form(data, **options)
    assert filled.is_valid(), filled.errors
    return str(filled.cleaned_data["home"])


def refused(data: dict[str, str], **options: Any) -> tuple[str, str]:
    filled = form(data, **options)
    assert not filled.is_valid()
    (error,) = filled.errors.as_data()["home"]
    return str(error.code), str(error.messages[0])


@pytest.mark.parametrize(
    "text", ["Rennes", "rennes", "RENNES (35)", "Rennes 35000", "35000", "Rennes (35200)"]
)
def test_a_whole_name_or_postal_code_is_enough(text: str) -> None:
    assert chosen({"home": text}) == "Rennes (35)"


def test_what_was_chosen_from_the_list_counts() -> None:
    assert chosen({"home": "Saint-Denis (93)", "home_code": "93066"}) == "Saint-Denis (93)"
    assert chosen({"home": "saint-denis 93", "home_code": "93066"}) == "Saint-Denis (93)"


def test_text_edited_after_choosing_undoes_the_choice() -> None:
    assert chosen({"home": "Lille", "home_code": "35238"}) == "Lille (59)"
    assert refused({"home": "Nowhere", "home_code": "35238"})[0] == "unknown"
    assert refused({"home": "", "home_code": "35238"})[0] == "required"
    assert chosen({"home": "Rennes (35)", "home_code": "x' or 1=1"}) == "Rennes (35)"


def test_an_ambiguous_name_is_refused_with_its_candidates() -> None:
    with translation.override("fr"):
        code, message = refused({"home": "Saint-Denis"})
    assert code == "ambiguous"
    assert message == (
        "«\u00a0Saint-Denis\u00a0» peut désigner\u00a0: Saint-Denis (974), Saint-Denis (93), "
        "Saint-Denis (11), Saint-Denis (30). Précisez laquelle."
    )
    filled = form({"home": "Saint-Denis"})
    html = str(filled.as_p())
    assert '<option value="Saint-Denis (93)">' in html
    assert 'list="id_home_suggestions"' in html
    assert "datalist" not in str(form({"home": "Rennes"}).as_p())


def test_many_candidates_are_not_all_told() -> None:
    with translation.override("en"):
        code, message = refused({"home": "Sainte-Colombe"})
    assert code == "ambiguous"
    assert message.count("Sainte-Colombe (") == 6
    assert "other municipalit" in message


def test_an_unknown_name_is_refused_in_words_that_help() -> None:
    code, message = refused({"home": "Atlantide <b>"})
    assert code == "unknown"
    assert "Atlantide <b>" in message
    assert "<b>" not in str(form({"home": "Atlantide <b>"}).as_p())


def test_empty_is_refused_only_when_required() -> None:
    assert refused({})[0] == "required"
    filled = form({"home": " "}, required=False)
    assert filled.is_valid()
    assert filled.cleaned_data["home"] is None


def test_regions_and_coordinates_can_be_asked_for() -> None:
    assert chosen({"home": "Saint-Denis"}, regions=["11"]) == "Saint-Denis (93)"
    assert refused({"home": "Lille"}, regions=["53"])[0] == "elsewhere"
    assert refused({"home": "Lille (59)", "home_code": "59350"}, regions=["53"])[0] == "elsewhere"
    assert refused({"home": "Nouméa"}, located=True)[0] == "unlocated"
    assert chosen({"home": "Nouméa"}) == "Nouméa (988)"
    html = str(form(regions=["53", "52"])["home"])
    assert 'data-regions="53,52"' in html


def test_a_code_is_shown_as_its_municipality() -> None:
    html = str(form(initial="35238")["home"])
    assert 'value="Rennes (35)"' in html
    assert 'name="home_code" value="35238"' in html
    assert 'data-search-url="/api/v1/municipalities/"' in html
    assert 'value=""' in str(form(initial="")["home"])


def test_what_was_typed_is_shown_again() -> None:
    html = str(form({"home": 'Renn"es', "home_code": ""})["home"])
    assert 'value="Renn&quot;es"' in html


def test_changes_are_seen_by_municipality_not_by_spelling() -> None:
    assert not form({"home": "rennes", "home_code": ""}, initial="35238").has_changed()
    assert form({"home": "Lille"}, initial="35238").has_changed()
    assert form({"home": "zzz"}, initial="35238").has_changed()
    assert form({"home": ""}, initial="35238").has_changed()
    assert not form({"home": ""}, initial="").has_changed()


def test_forms_do_not_share_suggestions() -> None:
    field = MunicipalityField(label="Home")
    kind = type("HomeForm", (forms.Form,), {"home": field})
    kind({"home": "Saint-Denis"}).is_valid()
    assert "datalist" not in str(kind({"home": "Rennes"})["home"])
    assert isinstance(field.widget, MunicipalityInput)
    assert field.widget.suggestions == []


def test_links_can_fill_a_form_in() -> None:
    assert typed_for(municipality_get("35238")) == Typed("Rennes (35)", "35238")
    assert typed_for(None) == Typed("", "")


def test_people_are_asked_where_they_live() -> None:
    (extra,) = [one for one in extras() if one.name == "residence"]
    (field,) = extra.fields().values()
    with translation.override("fr"):
        assert str(field.label) == "Commune de résidence"
    account = make_account()
    assert extra.summary(account) == {}
    extra.complete(account=account, cleaned={"residence": municipality_get("35238")})
    account.refresh_from_db()
    assert account.residence_code == "35238"
    assert extra.initial(account) == {"residence": "35238"}
    assert list(extra.summary(account).values()) == ["Rennes (35)"]


def test_a_map_carries_its_features_and_words() -> None:
    features = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [-1.68, 48.11]},
                "properties": {"title": '<script>"Rennes"</script>'},
            }
        ],
    }
    template = Template(
        '{% load territories %}{% territories_map "Places" geojson=features regions=codes %}'
    )
    html = template.render(Context({"features": features, "codes": ["53", "52"]}))
    assert 'role="region" aria-label="Places"' in html
    assert 'data-regions="53,52"' in html
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert "/communes/contours/level/code.json?v=" in html
    attribute = html.split('data-geojson="')[1].split('"')[0]
    assert json.loads(
        attribute.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")
    ) == (features)


def test_a_map_can_be_included_with_little() -> None:
    template = Template('{% include "territories/map.html" with label="Places" only %}')
    html = template.render(Context({}))
    assert "data-territories-map" in html
    assert "data-geojson" not in html and "data-regions" not in html and "data-tiles=" not in html
    tiles = Template('{% load territories %}{% territories_map "P" tiles="/{z}/{x}/{y}.png" %}')
    assert 'data-tiles="/{z}/{x}/{y}.png"' in tiles.render(Context({}))
