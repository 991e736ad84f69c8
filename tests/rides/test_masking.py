"""Telephone numbers and links are hidden before people have agreed; ordinary words are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rides.bookings.masking import HIDDEN, masked

HIDES = [
    "06 12 34 56 78",
    "0612345678",
    "06.12.34.56.78",
    "06-12-34-56-78",
    "06/12/34/56/78",
    "06 12  34,56;78",
    "0 6 1 2 3 4 5 6 7 8",
    "+33 6 12 34 56 78",
    "+33(0)612345678",
    "0033 6 12 34 56 78",
    "O6 12 34 56 78",
    "06 l2 34 56 78",
    "０６１２３４５６７８",
    "06\u200b12\u200b34\u200b56\u200b78",
    "zéro six douze trente-quatre cinquante-six soixante-dix-huit",
    "zero six un deux trois quatre cinq six sept huit",
    "06 quatre-vingt-douze 34 56 78",
    "06h12h34h56h78",
    "+44 7911 123456",
    "pierre@example.org",
    "pierre (at) example.org",
    "pierre arobase example point org",
    "pierre [at] example [dot] org",
    "https://example.org/moi",
    "hxxps://example.org",
    "www.example.org",
    "example.com",
    "example point com",
    "example[.]fr",
    "t.me/pierre",
    "wa.me/33612345678",
    "@pierre_covoit",
]
KEEPS = [
    "Je pars à 7 h 40 et je reviens à 17 h 30.",
    "Départ le 23/11/2026 à 07:40, retour le 24/11/2026 à 18:15.",
    "Rendez-vous le 01/02/2026 07:40 10 12",
    "Participation de 2,40 € par trajet, 35000 Rennes.",
    "Je suis au 12 rue de la Paix, bâtiment B2, 3e étage.",
    "Deux ou trois fois par semaine, un jour sur deux.",
    "J'ai une 208 grise, plaque AB-123-CD.",
    "On se retrouve au point relais. Merci.",
    "Arrêt 0612 puis ligne 34.",
    "les 3, 5, 7, 10, 12, 14, 17, 19 et 21 novembre",
    "Bonjour.Je suis d'accord",
]


@pytest.mark.parametrize("text", HIDES)
def test_is_hidden(text: str) -> None:
    said = f"Bonjour, appelez-moi : {text} merci"
    shown = masked(said)
    assert HIDDEN in shown, shown
    assert shown.startswith("Bonjour, appelez-moi")
    assert shown.endswith("merci")
    assert sum(letter.isdigit() for letter in shown) < 4, shown


@pytest.mark.parametrize("text", KEEPS)
def test_is_kept(text: str) -> None:
    assert masked(text) == text


def test_the_words_around_stay() -> None:
    assert masked("Mon numéro : 06 12 34 56 78, à demain 7 h 40 !") == (
        f"Mon numéro : {HIDDEN}, à demain 7 h 40 !"
    )


@given(st.text(max_size=200))
def test_any_text_is_read_without_harm(text: str) -> None:
    assert masked(masked(text)) == masked(text) or HIDDEN in masked(text)


@given(
    st.text(alphabet="12345678 9", min_size=8, max_size=8).filter(str.isdigit),
    st.sampled_from(["", " ", ".", "-", " - ", "/"]),
)
def test_any_french_number_is_hidden(rest: str, gap: str) -> None:
    number = gap.join(["06", rest[:2], rest[2:4], rest[4:6], rest[6:]])
    assert masked(number) == HIDDEN
