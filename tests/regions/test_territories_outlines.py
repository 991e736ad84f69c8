"""The notation of contours, and arcs that neighbours share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.territories import outlines
from regions.territories.rebuild.topology import Shape, ring_tidy, topology_of

LEFT: Shape = [[[(0, 0), (0, 2), (2, 2), (2, 1), (2, 0)]]]
RIGHT: Shape = [[[(2, 0), (2, 1), (2, 2), (4, 2), (4, 0)]]]
ISLAND: Shape = [[[(10, 10), (12, 10), (11, 12)]]]

points = st.tuples(st.integers(-(2**20), 2**20), st.integers(-(2**20), 2**20))


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_integers_come_back(values: list[int]) -> None:
    assert list(outlines.integers_read(outlines.integers_write(values))) == values


def test_small_integers_take_one_letter() -> None:
    assert outlines.integers_write([0, -1, 1, 15, -16]) == "ABCef"
    assert len(outlines.integers_write([16])) == 2


def test_a_foreign_letter_is_refused() -> None:
    with pytest.raises(KeyError):
        list(outlines.integers_read("A!"))


@given(st.lists(st.lists(points, min_size=2, max_size=6), max_size=6))
def test_arcs_come_back(arcs: list[list[tuple[int, int]]]) -> None:
    assert outlines.arcs_read(outlines.arcs_write(arcs)) == arcs


def test_a_shared_border_is_one_arc_walked_both_ways() -> None:
    topology = topology_of({"left": LEFT, "right": RIGHT})
    assert len(topology.arcs) == 3
    (left,), (right,) = topology.shapes["left"][0], topology.shapes["right"][0]
    shared = {number if number >= 0 else ~number for number in left} & {
        number if number >= 0 else ~number for number in right
    }
    assert len(shared) == 1
    assert topology.arcs[shared.pop()] in ([(2, 2), (2, 1), (2, 0)], [(2, 0), (2, 1), (2, 2)])


def test_outlines_come_back_from_arcs() -> None:
    shapes = {"left": LEFT, "right": RIGHT, "island": ISLAND}
    topology = topology_of(shapes)
    written = outlines.shapes_write(topology.shapes.values())
    assert outlines.shapes_read(written) == list(topology.shapes.values())
    for name, shape in shapes.items():
        for polygon, numbers in zip(shape, topology.shapes[name], strict=True):
            for ring, arcs in zip(polygon, numbers, strict=True):
                found = outlines.ring_points(topology.arcs, arcs)
                start = found.index(ring[0])
                assert found[start:] + found[:start] == ring


def test_an_enclave_and_its_hole_are_one_arc() -> None:
    inner = [(1, 1), (1, 2), (2, 2), (2, 1)]
    around: Shape = [[[(0, 0), (0, 3), (3, 3), (3, 0)], inner]]
    topology = topology_of({"around": around, "within": [[inner[::-1]]]})
    assert len(topology.arcs) == 2
    assert topology.shapes["within"] == [[[~topology.shapes["around"][0][1][0]]]]


@pytest.mark.parametrize(
    ("line", "tidy"),
    [
        ([(0, 0), (0, 0), (1, 0), (1, 1)], [(0, 0), (1, 0), (1, 1)]),
        ([(0, 0), (1, 0), (1, 1), (0, 0)], [(0, 0), (1, 0), (1, 1)]),
        ([(0, 0), (1, 0), (5, 0), (1, 0), (1, 1)], [(0, 0), (1, 0), (1, 1)]),
        ([(5, 5), (0, 0), (1, 0), (1, 1), (0, 0)], [(0, 0), (1, 0), (1, 1)]),
        ([(0, 0), (1, 0), (0, 0)], []),
        ([(3, 3), (3, 3)], []),
        ([], []),
    ],
)
def test_rounded_rings_lose_repeats_and_spikes(
    line: list[tuple[int, int]], tidy: list[tuple[int, int]]
) -> None:
    ring = ring_tidy(line)
    if tidy:
        assert set(ring) == set(tidy) and len(ring) == len(tidy)
    else:
        assert ring == []
