"""The other side in memory: ``scan.c`` compiled with the machine's own compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import numpy as np

from rides.matching.keys import cells_near
from tests.bench.matching_data import EPOCH, Question, World

MARGIN_S = 3600


class _Store(ctypes.Structure):
    _fields_ = [
        ("adverts", ctypes.c_int64),
        *((name, ctypes.c_void_p) for name in (
            "legs_from", "legs", "size", "normal", "leaves_from", "leaves", "facts", "cells_from",
            "listed",
        )),
    ]  # fmt: skip


class _Question(ctypes.Structure):
    _fields_ = [
        ("a", ctypes.c_double * 3),
        ("b", ctypes.c_double * 3),
        ("radius", ctypes.c_double),
        *((name, ctypes.c_int32) for name in ("day", "weekday", "at", "margin", "seats")),
    ]


class _Answer(ctypes.Structure):
    _fields_ = [
        ("cost", ctypes.c_int64),
        ("order", ctypes.c_int32),
        ("backwards", ctypes.c_int32),
        ("advert", ctypes.c_int32),
    ]


Ready = tuple[_Question, np.ndarray, np.ndarray]
"""A question, and the numbers of the cells near both of its ends."""


class Ram:
    """Adverts as arrays; ``scan`` looks at every one, ``by_cells`` at those in the right cells."""

    def __init__(self, world: World, folder: Path) -> None:
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if compiler is None:
            raise RuntimeError("needs a C compiler (Debian: apt-get install gcc)")
        library = folder / "scan.so"
        source = Path(__file__).with_name("scan.c")
        subprocess.run(
            [compiler, "-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC",
             "-o", str(library), str(source), "-lm"],
            check=True,
        )  # fmt: skip
        self._code = ctypes.CDLL(str(library))
        self._code.scan.restype = self._code.by_cells.restype = ctypes.c_int64
        self._world = world
        self._arrays = self._columns(world)
        self._store = _Store(len(world.ids), *(array.ctypes.data for array in self._arrays))
        self._code.prepare(ctypes.byref(self._store))
        self._seen = np.zeros(len(world.ids), dtype=np.int32)
        self._turn = 1
        self._best = (_Answer * 20)()

    def _columns(self, world: World) -> list[np.ndarray]:
        """The arrays, in the order of ``store``."""
        pairs = np.array(world.pair_of)
        units, counts, cells = [], [], []
        for pair in world.pairs:
            places = np.radians(np.array(pair.line))
            unit = np.stack(
                [np.cos(places[:, 0]) * np.cos(places[:, 1]),
                 np.cos(places[:, 0]) * np.sin(places[:, 1]), np.sin(places[:, 0])], axis=1,
            )  # fmt: skip
            units.append(np.concatenate([unit[:-1], unit[1:]], axis=1))
            counts.append(len(unit) - 1)
            cells.append(sorted({run.cell for run in pair.cells}))
        first = np.concatenate([[0], np.cumsum(counts)])
        table = np.concatenate(units)
        sizes = np.array(counts)[pairs]
        legs_from = np.concatenate([[0], np.cumsum(sizes)])
        spread = np.arange(legs_from[-1]) - np.repeat(legs_from[:-1], sizes)
        legs = table[np.repeat(first[pairs], sizes) + spread]
        order = np.empty(len(world.ids), dtype=np.int32)
        order[sorted(range(len(world.ids)), key=world.ids.__getitem__)] = np.arange(len(world.ids))
        facts = np.concatenate([np.array(world.facts, dtype=np.int32), order[:, None]], axis=1)
        # A list of adverts for each cell that any route crosses.
        names = sorted({cell for one in cells for cell in one})
        self._cell_number = {cell: number for number, cell in enumerate(names)}
        numbers = [np.array([self._cell_number[cell] for cell in one]) for one in cells]
        listed_in = np.concatenate([numbers[pair] for pair in world.pair_of])
        who = np.repeat(np.arange(len(pairs)), [len(numbers[pair]) for pair in world.pair_of])
        by_cell = np.argsort(listed_in, kind="stable")
        cells_from = np.searchsorted(listed_in[by_cell], np.arange(len(names) + 1))
        columns = [
            (legs_from, np.int64),
            (legs, np.float64),
            (np.zeros(len(legs)), np.float64),
            (np.zeros(3 * len(legs)), np.float64),
            (np.array(world.leaves_from), np.int64),
            (np.array(world.leaves), np.int32),
            (facts, np.int32),
            (cells_from, np.int64),
            (who[by_cell], np.int32),
        ]
        return [np.ascontiguousarray(array, dtype=kind) for array, kind in columns]

    def ask(self, question: Question, radius: float) -> Ready:
        """A question made ready, with the numbers of the cells near both ends."""
        ends, near = [], []
        for point in (question.start, question.end):
            lat, lon = np.radians(point)
            ends.append([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
            found = [self._cell_number.get(cell) for cell in cells_near(point, radius)]
            near.append(np.array([one for one in found if one is not None], dtype=np.int64))
        ready = _Question(
            (ctypes.c_double * 3)(*ends[0]),
            (ctypes.c_double * 3)(*ends[1]),
            radius,
            question.day.toordinal() - EPOCH,
            question.day.weekday(),
            question.at.hour * 3600 + question.at.minute * 60 + question.at.second,
            MARGIN_S,
            1,
        )
        return ready, near[0], near[1]

    def scan(self, ready: Ready) -> list[tuple[int, int, int]]:
        """The best 20 of all adverts: cost, UUID, backwards."""
        kept = ctypes.c_int64()
        self._code.scan(
            ctypes.byref(self._store), ctypes.byref(ready[0]), self._best, 20, ctypes.byref(kept)
        )
        return self._read(kept.value)

    def by_cells(
        self, ready: tuple[_Question, np.ndarray, np.ndarray]
    ) -> list[tuple[int, int, int]]:
        """The same, looking only where routes cross the right cells."""
        asked, near_a, near_b = ready
        kept = ctypes.c_int64()
        self._turn += 2
        self._code.by_cells(
            ctypes.byref(self._store), ctypes.byref(asked),
            near_a.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(len(near_a)),
            near_b.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(len(near_b)),
            self._seen.ctypes.data_as(ctypes.c_void_p), ctypes.c_int32(self._turn),
            self._best, ctypes.c_int64(20), ctypes.byref(kept),
        )  # fmt: skip
        return self._read(kept.value)

    def _read(self, kept: int) -> list[tuple[int, int, int]]:
        return [(one.cost, self._world.ids[one.advert], one.backwards) for one in self._best[:kept]]
