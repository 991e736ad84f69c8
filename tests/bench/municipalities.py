"""What a person waits for while typing the name of a municipality."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from urllib.parse import quote

from django.test import Client

from tests.bench.figures import Figure, Options, below, bench

LIMIT_MS = 20.0
TYPED = [
    "Rennes", "Saint-Malo", "st brieuc", "L'Haÿ-les-Roses", "Villeneuve-d'Ascq", "Nantes",
    "Sainte-Luce", "La Roche-sur-Yon", "Aix-en-Provence", "59000", "35200", "Œuilly", "zzz",
]  # fmt: skip


def _beginnings() -> list[str]:
    """Each name as it grows, letter by letter from the second, as the page asks."""
    return [text[:length] for text in TYPED for length in range(2, len(text) + 1)]


@bench("municipalities")
def municipalities(options: Options) -> Iterator[Figure]:
    """The autocompletion through the API, over every beginning of some names."""
    from tests.factories import provision

    provision("ouestgo", name="OuestGo", regions=["53", "52"])
    client = Client(headers={"host": "ouestgo.localhost"})
    addresses = [
        f"/api/v1/municipalities/?limit=8&q={quote(text)}{region}"
        for text in _beginnings()
        for region in ("", "&region=53,52")
    ]
    for address in addresses[:10]:
        assert client.get(address).status_code == 200, address
    taken = []
    for _ in range(3):
        for address in addresses:
            began = time.perf_counter()
            client.get(address)
            taken.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(taken, n=20)[-1]
    yield below("autocompletion, 95th percentile", ours=p95, limit=LIMIT_MS, unit="ms")
