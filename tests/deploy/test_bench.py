"""The bench runner: what counts as holding, and as measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import figures, runner
from tests.bench.figures import Figure, Options


@pytest.fixture
def benches(monkeypatch: pytest.MonkeyPatch) -> dict[str, figures.Bench]:
    """Benches of this test's own, instead of the real ones."""
    own: dict[str, figures.Bench] = {}
    monkeypatch.setattr(figures, "BENCHES", own)
    monkeypatch.setattr(runner, "BENCHES", own)
    monkeypatch.setattr(runner, "discover", lambda: None)

    @figures.bench("good", database=False)
    def good(options: Options) -> Iterator[Figure]:
        """Holds."""
        yield figures.at_most("page", ours=10, theirs=2, times=5)
        yield figures.at_least("search", ours=1, theirs=6, times=6)
        yield figures.below("start", ours=15, limit=15)
        yield figures.equal("rows", ours=options.rows or 0, wanted=7)

    @figures.bench("slow", database=False)
    def slow(options: Options) -> Iterator[Figure]:
        """Does not hold."""
        yield figures.at_most("page", ours=10.1, theirs=2, times=5)

    @figures.bench("broken", database=False)
    def broken(options: Options) -> Iterator[Figure]:
        """Ends early."""
        yield figures.below("start", ours=1, limit=15)
        raise RuntimeError("no more")

    @figures.bench("empty", database=False)
    def empty(options: Options) -> Iterator[Figure]:
        """Measures nothing."""
        yield from ()

    return own


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("good", 0, "every figure holds"),
        ("slow", 1, "does not hold: slow: page"),
        ("broken", 1, "broken (not measured)"),
        ("empty", 1, "empty (not measured)"),
    ],
)
def test_check_fails_on_what_does_not_hold_or_was_not_measured(
    benches: dict[str, figures.Bench],
    capsys: pytest.CaptureFixture[str],
    name: str,
    status: int,
    says: str,
) -> None:
    assert runner.main([name, "--rows", "7", "--check"]) == status
    assert says in capsys.readouterr().out
    assert runner.main([name, "--rows", "7"]) == 0


def test_both_sides_are_printed_and_written(
    benches: dict[str, figures.Bench], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert runner.main(["good", "slow", "--rows", "7", "--json", str(tmp_path / "f.json")]) == 0
    out = capsys.readouterr().out
    assert "10.00 ms" in out and "/ 2.00 ms" in out and "5.00×" in out
    report = json.loads((tmp_path / "f.json").read_text())
    assert [one["bench"] for one in report["benches"]] == ["good", "slow"]
    page = report["benches"][1]["figures"][0]
    assert (page["ours"], page["theirs"], page["holds"]) == (10.1, 2, False)
    assert page["goal"] == "at most 5× theirs"


def test_an_unknown_bench_is_refused(benches: dict[str, figures.Bench]) -> None:
    with pytest.raises(SystemExit) as end:
        runner.main(["nonsense"])
    assert end.value.code == 2
