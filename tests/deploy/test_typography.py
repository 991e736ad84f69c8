"""French typography of the catalogues."""

from __future__ import annotations

import pytest

from deploy.typography import french


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Lieu d'arrivée", "Lieu d’arrivée"),
        ("l'%(name)s et d'<b>ici</b>", "l’%(name)s et d’<b>ici</b>"),
        ("« Pierre L. » : oui", "«\u00a0Pierre L.\u00a0»\u00a0: oui"),
        ("non ; quoi ? si !", "non\u00a0; quoi\u00a0? si\u00a0!"),
        ("<a title='d ; e' href='https://x.fr/ :'>f</a>",) * 2,
        ("12:30, --data, http://x.fr/a?b", "12:30, --data, http://x.fr/a?b"),
    ],
)  # fmt: skip
def test_what_is_set_and_what_is_left(typed: str, set_: str) -> None:
    assert french(typed) == set_
    assert french(set_) == set_
