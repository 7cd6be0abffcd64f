"""How figures are taken, judged and written down."""

from pathlib import Path

from typer.testing import CliRunner

from gansynth_live.bench.figures import Figure, Missing, as_json, taking_turns
from gansynth_live.bench.kernel import SWAPS, held_voices, plan_swaps, play
from gansynth_live.cli.app import app


def test_the_kernel_swaps_as_often_as_it_says() -> None:
    machine = held_voices(64, bent=True)
    play(machine)
    plan_swaps(machine, SWAPS)
    play(machine)
    assert machine.snapshot().swapped == 64 * SWAPS
    assert machine.snapshot().refused == 0


def test_unwritable_json_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "figures.json"
    result = CliRunner().invoke(app, ["bench", "kernel", "--quick", "--json", str(path)])
    assert "cannot write" in str(result.exception)


def test_goals() -> None:
    assert Figure("g", "n", 3.0, "x", at_least=3.0).reached is True
    assert Figure("g", "n", 2.9, "x", at_least=3.0).reached is False
    assert Figure("g", "n", 0.2, "s", at_most=0.3).reached is True
    assert Figure("g", "n", 0.2, "s").reached is None


def test_missing_peers_are_reported() -> None:
    assert as_json([Missing("kernel", "FluidSynth", "install it")])["missing"] == [
        {"group": "kernel", "name": "FluidSynth", "cure": "install it"}
    ]


def test_turns_are_taken_and_medians_kept() -> None:
    order: list[str] = []
    times = iter([1.0, 9.0, 2.0])

    def first() -> float:
        order.append("first")
        return next(times)

    def second() -> float:
        order.append("second")
        return 5.0

    assert taking_turns(3, first, second) == [2.0, 5.0]
    assert order == ["first", "second"] * 3
