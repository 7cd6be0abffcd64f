"""Each group of figures runs, and writes JSON of the right shape. How fast is not judged here."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gansynth_live.batch.processes import cores
from gansynth_live.bench import fluidsynth, private_jack
from gansynth_live.cli.app import app

pytestmark = pytest.mark.long


def figures_of(group: str, folder: Path) -> dict[str, float]:
    """Run `bench GROUP --quick --json` and check the file; values by name."""
    path = folder / "figures.json"
    result = CliRunner().invoke(app, ["bench", group, "--quick", "--json", str(path)])
    assert result.exit_code == 0, result.output
    written = json.loads(path.read_text())
    assert set(written) == {"version", "taken", "machine", "figures", "missing"}
    assert written["machine"]["cores"] >= 1
    for figure in written["figures"]:
        assert figure["group"] == group
        assert figure["unit"]
        assert figure["reached"] in (True, False, None)
    for peer in written["missing"]:
        assert peer["cure"]
    return {figure["name"]: figure["value"] for figure in written["figures"]}


def skip_without_jack() -> None:
    """JACK-Client fails to load where JACK's library is missing, so programs are looked for."""
    if not private_jack.is_installed():
        pytest.skip("no jackd: install jackd2")


def test_kernel(tmp_path: Path) -> None:
    figures = figures_of("kernel", tmp_path)
    assert figures["64 voices, own pitch"] > 0
    assert figures["64 voices, bent"] > 0
    assert ("64 voices, FluidSynth default" in figures) == fluidsynth.is_installed()
    assert sum(name.endswith("/ plain, processor time") for name in figures) == 6
    assert figures["128 voices, vibrato / bent, processor time"] > 0
    for name in ("plate", "ensemble", "delay", "all effects"):
        assert f"{name}, share of the time" in figures


def test_render(tmp_path: Path) -> None:
    figures = figures_of("render", tmp_path)
    first = figures["GANSynth, first slice, on 1 thread"]
    assert 0 < first < figures["GANSynth, whole note, on 1 thread"]


def test_batch(tmp_path: Path) -> None:
    figures = figures_of("batch", tmp_path)
    one, two = (figures[f"files of 6 s an hour, {n}"] for n in ("1 process", "2 processes"))
    assert one > 0
    assert figures[f"2 processes faster, {cores()} cores"] == pytest.approx(two / one)


def test_start(tmp_path: Path) -> None:
    figures = figures_of("start", tmp_path)
    assert 0 < figures["warm start, to the first key"] <= figures["warm start, to all keys"]


def test_soak(tmp_path: Path) -> None:
    figures = figures_of("soak", tmp_path)
    ready, warm = "memory with all keys rendered", "memory with all that is kept warm rendered"
    assert figures[ready] > 0
    assert figures[warm] > 0
    assert figures["notes that starved"] >= 0


def test_living(tmp_path: Path) -> None:
    figures = figures_of("living", tmp_path)
    assert figures["2 notes held for 20 s: that click"] == 0
    assert figures["1 sweeps in 1 s: pitch off, worst"] < 5


def test_cache(tmp_path: Path) -> None:
    figures = figures_of("cache", tmp_path)
    assert figures["a cold key's first sound, half within"] > 0
    missed = [value for name, value in figures.items() if name.endswith("found nothing")]
    assert missed == [0, 0, 0, 0]


@pytest.mark.jack
def test_live(tmp_path: Path) -> None:
    skip_without_jack()
    figures = figures_of("live", tmp_path)
    assert figures["idle interpreter: notes lost"] == 0


@pytest.mark.jack
def test_idle(tmp_path: Path) -> None:
    skip_without_jack()
    assert figures_of("idle", tmp_path)["nothing played"] > 0


@pytest.mark.jack
def test_knob(tmp_path: Path) -> None:
    skip_without_jack()
    figures = figures_of("knob", tmp_path)
    first, last = (
        figures[f"4 held, turn: to the {note} changed note, 50 of 100 within"]
        for note in ("first", "last")
    )
    assert 0 < first <= last
    assert figures["continuations heard"] > 0
    assert figures["samples that were no number"] == 0
