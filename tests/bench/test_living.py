"""The living voice, judged: the shipped model, played by the whole instrument in simulated time."""

import numpy as np
import pytest

from gansynth_live.bench import hold as judge
from gansynth_live.bench import smooth
from gansynth_live.bench.held_note import held_note, only, sweep
from gansynth_live.bench.hold import hold
from gansynth_live.bench.living import SAMPLE_RATE, Draw, swept
from gansynth_live.bench.partials import decibels
from gansynth_live.instrument import Instrument, open_instrument


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return open_instrument(None, "phase-locked", SAMPLE_RATE)


@pytest.mark.parametrize(
    ("first", "last", "key", "velocity", "seconds"),
    [
        ("flute", "trumpet", 67, 100, 0.1),
        ("violin", "clarinet", 55, 60, 0.3),
        ("cello", "choir", 48, 110, 1.0),
        ("strings", "vibraphone", 72, 30, 2.0),
        ("marimba", "warm pad", 72, 10, 1.0),
    ],
)
def test_a_sweep_is_smooth(
    instrument: Instrument, first: str, last: str, key: int, velocity: int, seconds: float
) -> None:
    found = swept(instrument, Draw(first, last, key, velocity), seconds)
    assert found.step_db <= smooth.STEP_GOAL
    assert found.click_db <= judge.CLICK_GOAL
    assert found.dipping == 0.0
    assert found.cents <= smooth.CENTS_GOAL
    assert found.level_db <= smooth.LEVEL_GOAL


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [("english horn", "french horn", 75), ("flute", "drawbar organ", 50)],
)
def test_a_note_that_changed_is_as_loud_as_one_that_began_so(
    instrument: Instrument, first: str, last: str, key: int
) -> None:
    """One swells to its loudest half way; the sound of the other is fainter than its frames."""
    changed = held_note(instrument, key, 100, sweep(first, last, 0.5, 0.8), 3.0)
    begun = held_note(instrument, key, 100, only(last), 3.0)
    settled = round(1.5 * SAMPLE_RATE)
    level, as_begun = (
        float(decibels(np.sqrt(np.square(wave[settled:]).mean()))) for wave in (changed, begun)
    )
    assert level == pytest.approx(as_begun, abs=1.0)


def test_a_jump_of_the_knob_is_no_click(instrument: Instrument) -> None:
    found = swept(instrument, Draw("choir", "harpsichord", 60, 100), 0.001)
    assert found.click_db <= judge.CLICK_GOAL
    assert found.cents <= smooth.CENTS_GOAL


@pytest.mark.parametrize(("name", "key"), [("cello", 43), ("flute", 74), ("church organ", 36)])
def test_a_sustained_note_holds_out(instrument: Instrument, name: str, key: int) -> None:
    found = hold(held_note(instrument, key, 100, only(name), 30.0), key, SAMPLE_RATE)
    assert found.click_db <= judge.CLICK_GOAL
    assert found.drift <= judge.DRIFT_GOAL
    assert found.wander_db <= judge.WANDER_GOAL
    assert found.loop <= judge.LOOP_GOAL


@pytest.mark.parametrize(("name", "key"), [("grand piano", 48), ("vibraphone", 65)])
def test_a_decaying_note_dies_away(instrument: Instrument, name: str, key: int) -> None:
    wave = held_note(instrument, key, 100, only(name), 30.0)
    found = hold(wave, key, SAMPLE_RATE)
    assert found.click_db <= judge.CLICK_GOAL
    assert found.drift <= judge.DRIFT_GOAL
    assert found.rise_db <= judge.RISE_GOAL
    early, late = (
        float(np.abs(wave[round(at * SAMPLE_RATE) :][:SAMPLE_RATE]).max()) for at in (2.0, 28.0)
    )
    assert late < 0.03 * early


@pytest.mark.parametrize("moment", [0.5, 2.0, 2.7, 5.5])
def test_a_held_note_follows_the_knob_at_any_time(instrument: Instrument, moment: float) -> None:
    """Also where the samples that it would go on in otherwise are made already."""
    cello = held_note(instrument, 60, 100, only("cello"), moment + 0.2)
    turned = held_note(
        instrument, 60, 100, sweep("cello", "flute", moment, moment + 1e-3), moment + 0.2
    )
    changed = float(np.argmax(cello != turned)) / SAMPLE_RATE
    assert moment < changed < moment + 0.1
