"""Names as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.territories import names


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Saint-Étienne-du-Rouvray", "saint etienne du rouvray"),
        ("ST ETIENNE du rouvray", "saint etienne du rouvray"),
        ("Ste-Marie", "sainte marie"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Œuilly", "oeuilly"),
        ("Plœuc-L'Hermitage", "ploeuc l hermitage"),
        ("Chalon s/ Saône", "chalon sur saone"),
        ("Rosny s/s Bois", "rosny sous bois"),
        ("  Aÿ - Champagne ", "ay champagne"),
        ("Bors (Canton de Charente-Sud)", "bors canton de charente sud"),
        ("", ""),
        ("%_\\*", ""),
    ],
)
def test_one_form_for_all_spellings(typed: str, folded: str) -> None:
    assert names.fold(typed) == folded


@given(st.text(max_size=60))
def test_folding_leaves_letters_digits_and_single_spaces_and_is_stable(text: str) -> None:
    folded = names.fold(text)
    assert all(c in "abcdefghijklmnopqrstuvwxyz0123456789 " for c in folded)
    assert "  " not in folded and folded == folded.strip()
    assert names.fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "beginnings", "where"),
    [
        ("ren", ("ren",), ""),
        ("Rennes (35)", ("rennes",), "35"),
        ("Rennes 35000", ("rennes",), "35000"),
        ("35000 Rennes", ("rennes",), "35000"),
        ("35", (), "35"),
        ("2a", (), "2A"),
        ("Ajaccio (2A)", ("ajaccio",), "2A"),
        ("st", ("saint", "st"), ""),
        ("st malo", ("saint malo",), ""),
        ("bourg st", ("bourg saint", "bourg st"), ""),
        ("Paris 10e", ("paris",), "75"),
        ("Lyon 3", ("lyon",), "69"),
        ("Rennes Cedex", ("rennes",), ""),
        ("arr", ("arr",), ""),
        ("Saint-Denis (974)", ("saint denis",), "974"),
        ("y", ("y",), ""),
        ("%", (), ""),
        ("", (), ""),
    ],
)
def test_what_was_asked(text: str, beginnings: tuple[str, ...], where: str) -> None:
    assert names.read_query(text) == names.Asked(beginnings, where)


@given(st.text(max_size=300))
def test_anything_can_be_asked(text: str) -> None:
    asked = names.read_query(text)
    assert len(asked.beginnings) <= 2
    assert all(
        names.fold(one) == one or one.split()[-1] in {"st", "ste", "sts", "stes"}
        for one in asked.beginnings
    )


def test_a_name_is_found_by_each_word_that_matters() -> None:
    keys = [(key.text, key.inner) for key in names.search_keys("la chapelle sur erdre")]
    assert keys == [
        ("la chapelle sur erdre", False),
        ("chapelle sur erdre", False),
        ("erdre", True),
    ]
    assert [key.text for key in names.search_keys("y")] == ["y"]
    assert [key.text for key in names.search_keys("saint brieuc")] == ["saint brieuc", "brieuc"]
