"""Loading the municipalities and finding them again."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connections, transaction
from django.test.utils import CaptureQueriesContext

from regions.territories import dataset
from regions.territories.models import LoadedRelease, Municipality, SearchKey
from regions.territories.queries import (
    departement_names,
    municipalities_get,
    municipality_candidates,
    municipality_get,
    municipality_search,
    region_names,
)
from regions.territories.services import territories_load
from tenants.models import Tenant

pytestmark = pytest.mark.usefixtures("tenant")


def labels(text: str, **options: object) -> list[str]:
    return [one.label for one in municipality_search(text, **options)]  # type: ignore[arg-type]


def test_bigger_towns_come_first_among_those_that_begin_so() -> None:
    found = municipality_search("ren")
    assert found[0].label == "Rennes (35)"
    assert all(one.slug_name.startswith("ren") for one in found)
    sizes = [one.population or 0 for one in found]
    assert sizes == sorted(sizes, reverse=True)


def test_the_exact_name_comes_before_bigger_longer_ones() -> None:
    found = municipality_search("mons", limit=20)
    exact = [one.name for one in found if one.slug_name == "mons"]
    assert [one.name for one in found][: len(exact)] == exact
    assert "Mons-en-Barœul (59)" in [one.label for one in found]  # bigger than all of them


def test_homonyms_are_told_apart_by_departement() -> None:
    assert labels("saint-denis")[:4] == [
        "Saint-Denis (974)",
        "Saint-Denis (93)",
        "Saint-Denis (11)",
        "Saint-Denis (30)",
    ]
    assert labels("Saint-Denis (93)") == ["Saint-Denis (93)", "L'Île-Saint-Denis (93)"]


@pytest.mark.parametrize("text", ["l'haÿ", "L’HAY-LES", "l hay les roses", "haÿ les", "roses"])
def test_how_it_is_spelt_does_not_matter(text: str) -> None:
    assert "L'Haÿ-les-Roses (94)" in labels(text, limit=20)


def test_accents_ligatures_and_saints() -> None:
    assert labels("OEUILLY") == labels("Œuilly") == ["Œuilly (51)", "Œuilly (02)"]
    assert labels("St Etienne")[0] == labels("saint-étienne")[0] == "Saint-Étienne (42)"
    assert labels("ste marie")[0] == "Sainte-Marie (974)"
    assert labels("st")[0] == "Strasbourg (67)"


def test_a_word_inside_a_name_is_found_after_names_that_begin_so() -> None:
    assert labels("brieuc")[0] == "Saint-Brieuc (22)"
    found = municipality_search("malo", limit=50)
    begins = [one.slug_name.startswith("malo") for one in found]
    assert True in begins and False in begins
    assert begins == sorted(begins, reverse=True)


def test_a_leading_article_may_be_left_out() -> None:
    assert labels("havre")[0] == "Le Havre (76)"
    assert labels("mans")[0] == "Le Mans (72)"


def test_postal_codes_and_departements() -> None:
    assert labels("35000") == ["Rennes (35)"]
    assert set(labels("35760")) == {"Saint-Grégoire (35)", "Montgermont (35)"}
    assert labels("35")[:2] == ["Rennes (35)", "Saint-Malo (35)"]
    assert labels("2a")[0] == "Ajaccio (2A)"
    assert labels("rennes 35000") == ["Rennes (35)"]
    assert labels("Paris 10e") == ["Paris (75)"]


def test_regions_narrow_the_search() -> None:
    assert labels("saint-denis", regions=["93"]) == []
    assert {one.region for one in municipality_search("saint", regions=["53", "52"])} <= {
        "53",
        "52",
    }
    assert labels("rennes", regions=[]) == []


@pytest.mark.parametrize("text", ["%", "_", "\\", "%%", "*", "", "   ", "'", "\x00", "🚲"])
def test_signs_are_no_wildcards(text: str) -> None:
    assert municipality_search(text) == []


def test_signs_inside_a_name_are_only_separators() -> None:
    assert labels("ren%es") == []
    assert labels("rennes'; drop table territories_municipality; --") == []
    assert labels("rennes_") == labels("rennes")


def test_a_search_is_one_query_and_never_more_than_asked() -> None:
    with CaptureQueriesContext(connections["default"]) as captured:
        assert len(municipality_search("saint", limit=7)) == 7
    assert len([q for q in captured if "territories_" in q["sql"]]) == 1
    assert len(municipality_search("saint", limit=10_000)) == 50
    assert municipality_search("saint", limit=0) == []


def test_a_search_reads_the_index_of_keys() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT * FROM territories_searchkey WHERE text LIKE %s", ["rennes%"]
        )
        assert "municipality_search_text" in "\n".join(row[0] for row in cursor.fetchall())


def test_whole_names_stand_for_one_municipality() -> None:
    def found(text: str, regions: list[str] | None = None) -> list[str]:
        return [one.label for one in municipality_candidates(text, regions=regions)]

    assert found("Rennes") == ["Rennes (35)"]
    assert found("renn") == []
    assert found("havre") == ["Le Havre (76)"]
    assert found("Saint-Denis 93200") == ["Saint-Denis (93)"]
    assert len(found("saint denis")) == 4
    assert found("saint denis", ["93"]) == []
    assert found("Villeneuve")[0] == "Villeneuve (04)"
    assert "La Villeneuve (23)" not in found("Villeneuve")
    assert found("35000") == ["Rennes (35)"]
    assert found("35") == [] == found("")


def test_by_code() -> None:
    rennes = municipality_get("35238")
    assert rennes is not None
    assert rennes.label == str(rennes) == "Rennes (35)"
    assert rennes.postal_codes == ["35000", "35200", "35700"]
    assert rennes.intercommunality_name == "Rennes Métropole"
    assert (rennes.departement, rennes.region, rennes.is_located) == ("35", "53", True)
    for wrong in ("", "35", "35999", "3523é", "35238 ", "\x00" * 5, "352380"):
        assert municipality_get(wrong) is None
    assert set(municipalities_get(["35238", "99999"])) == {"35238"}
    noumea = municipality_search("Nouméa")[0]
    assert not noumea.is_located


def test_names_of_regions_and_departements() -> None:
    assert region_names()["53"] == "Bretagne"
    assert departement_names(regions=["53"]) == {
        "22": "Côtes-d'Armor",
        "29": "Finistère",
        "35": "Ille-et-Vilaine",
        "56": "Morbihan",
    }


def test_all_are_loaded_and_loading_again_does_nothing() -> None:
    assert Municipality.objects.count() == 34_969
    assert LoadedRelease.objects.using("owner").get().version == dataset.VERSION
    assert territories_load(using="owner") == 0


def test_a_forced_load_replaces_everything_in_one_transaction() -> None:
    owned = Municipality.objects.using("owner")
    keys = SearchKey.objects.using("owner").count()
    owned.filter(pk="35238").update(name="Wrong")
    owned.filter(pk="35288").delete()
    assert territories_load(using="owner", force=True) == 34_969
    assert owned.get(pk="35238").name == "Rennes"
    assert owned.filter(pk="35288").exists()
    assert SearchKey.objects.using("owner").count() == keys


def test_a_region_reads_municipalities_and_writes_none(tenant: Tenant) -> None:
    assert municipality_get("35238") is not None
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Municipality.objects.filter(pk="35238").update(name="Ours")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(LoadedRelease.objects.all())
