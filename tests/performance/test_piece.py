"""A piece into a file: everything is sent, and it ends when the last voice and echo have ended."""

import numpy as np
import pytest

from gansynth_live.config import DRY, load_config, with_values
from gansynth_live.engine.process import process_block
from gansynth_live.instrument import Instrument, make_machine, open_instrument
from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.blend import Blend
from gansynth_live.midi import Event
from gansynth_live.performance.piece import LONGEST_HOLD, frames_of, perform
from gansynth_live.render.schedule.offline import Lookahead, PlannedPart, plan_notes, towards

RATE = 16_000


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return open_instrument(None, "phase-locked", RATE)


def render(
    instrument: Instrument, events: list[Event], end: float = 0.0
) -> tuple[Machine, float, float]:
    """The machine afterwards, the length in seconds, the peak."""
    timed = frames_of(events, RATE)
    cello = Blend.only("cello")
    machine = make_machine(with_values(load_config(), DRY), instrument.renderer)
    notes = plan_notes(timed, [PlannedPart(lambda _: cello)], machine.tunings)
    renderer, library = instrument.renderer, instrument.library
    with Lookahead(machine, renderer, library.latent, notes, towards(lambda _: cello)) as ahead:
        sound = np.concatenate(list(perform(machine, ahead, timed, int(end * RATE))), axis=1)
    return machine, sound.shape[1] / RATE, float(np.abs(sound).max())


def test_it_ends_with_its_last_voice(instrument: Instrument) -> None:
    events = [Event(0.0, 0x90, 60, 100), Event(0.5, 0x80, 60)]
    machine, seconds, peak = render(instrument, events)
    assert 0.6 < seconds < 2.5
    assert peak > 0.01
    assert machine.snapshot().voices == 0


def test_a_note_that_is_never_ended_ends_too(instrument: Instrument) -> None:
    _, seconds, _ = render(instrument, [Event(0.0, 0x90, 60, 100)])
    assert LONGEST_HOLD < seconds < LONGEST_HOLD + 1.0


def test_what_rings_is_waited_for(instrument: Instrument) -> None:
    """Until nothing of it is left."""
    sends = [Event(0.0, 0xB0, control, 127) for control in (91, 93, 94)]
    events = [*sends, Event(0.0, 0x90, 60, 100), Event(0.5, 0x80, 60)]
    _, dry, _ = render(instrument, events[3:])
    machine, wet, _ = render(instrument, events)
    assert dry + 2.0 < wet < dry + 10.0
    assert not machine.rings
    assert np.abs(process_block(machine, RATE)).max() == 0.0


def test_a_stray_controller_is_not_waited_for(instrument: Instrument) -> None:
    events = [Event(0.0, 0x90, 60, 1), Event(1.0, 0x80, 60), Event(7200.0, 0xB0, 7, 100)]
    _, seconds, _ = render(instrument, events)
    assert 1.0 < seconds < 3.0


def test_a_rest_at_the_end_is_kept(instrument: Instrument) -> None:
    events = [Event(0.0, 0x90, 60, 1), Event(1.0, 0x80, 60)]
    _, seconds, _ = render(instrument, events, end=7.0)
    assert seconds == pytest.approx(7.0, abs=0.1)


@pytest.mark.parametrize("spacing", [0.0, 1e-5])
def test_more_messages_at_once_than_the_ring_holds(instrument: Instrument, spacing: float) -> None:
    controls = [Event(0.1 + n * spacing, 0xB0, 11, n % 128) for n in range(12_000)]
    last = controls[-1].time
    events = [*controls, Event(last, 0x90, 60, 100), Event(last + 0.2, 0x80, 60)]
    machine, seconds, peak = render(instrument, events)
    assert machine.snapshot().notes == 1
    assert seconds > last + 0.2
    assert peak > 0.01
