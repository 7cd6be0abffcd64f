"""A held chord follows a knob while it sounds, under JACK: nothing is lost, and all is proved."""

import signal
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.bench.knob_score import first_heard
from gansynth_live.bench.told_play import Told
from gansynth_live.config import load_config
from gansynth_live.instrument import make_machine, open_instrument
from gansynth_live.midi.messages import Event
from gansynth_live.render.offline import Lookahead, as_it_was, plan_notes
from gansynth_live.render.roster import Arrival
from tests.drivers.test_jack import AUDIO, MIDI
from tests.e2e.jackd import JackServer
from tests.e2e.offline import played
from tests.e2e.program import Program
from tests.e2e.studio import Order
from tests.e2e.take import Take, record

TOLD_PLAY = "gansynth_live.bench.told_play"
RATE = 48_000
CHORD = (48, 55, 64, 72)
SWEEP = (RATE // 2, 5 * RATE // 2)  # frames after the chord
SECONDS = 4.0
VALUE_FRAMES = 960  # 20 ms from one value of the knob to the next
SAME = 1e-4  # of full scale: what a continuation may change before it is called a change
SWAY = 32  # samples by which vibrato may bring a voice to the join sooner
LATEST = 1024  # samples from the join, where the new sound begins to come in, until it is heard

pytestmark = [pytest.mark.jack, pytest.mark.timeout(120)]


@pytest.fixture(autouse=True)
def no_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))


def swept_chord() -> list[tuple[int, list[int]]]:
    """(frame, message): a chord, and the knob over the whole path and back while it is held."""
    start, stop = SWEEP
    steps = range(start, stop, VALUE_FRAMES)
    values = [round(127 * (1 - abs(2 * (at - start) / (stop - start) - 1))) for at in steps]
    chord = [(0, [0x90, key, 100]) for key in CHORD]
    knob = [(at, [0xB0, 1, value]) for at, value in zip(steps, values, strict=True)]
    release = [(stop + RATE // 2, [0x80, key, 0]) for key in CHORD]
    return [*chord, *knob, *release]


def perform(server: JackServer, folder: Path, *, busy: bool) -> tuple[Take, Told]:
    """What was recorded of the chord, and what the instrument tells of it."""
    told = folder / "told.json"
    with Program(folder, TOLD_PLAY, str(told)) as synth:
        if busy:
            synth.signal(signal.SIGUSR1)
            time.sleep(0.5)
        take = record(server, Order(MIDI, AUDIO, swept_chord(), SECONDS), folder)
        assert synth.stop() == 0, synth.errors
    return take, Told.read(told)


def again(take: Take, arrivals: list[Arrival]) -> NDArray[np.float32]:
    """The messages of `take` offline, with everything arriving as in `arrivals`: [2, frames]."""
    config = load_config()
    instrument = open_instrument("", config.model.inversion, take.sample_rate)
    machine = make_machine(config, instrument.renderer)
    first = int(take.starts[0])
    events = [
        (int(frame) - first, Event(0.0, *map(int, message)))
        for frame, message in zip(take.sent_frames, take.sent_messages, strict=True)
    ]
    began = iter(sorted(arrival for arrival in arrivals if arrival.start <= 0))
    plan = plan_notes(events, lambda event: next(began).timbre if event.is_note_on else None)
    with Lookahead(
        machine,
        instrument.renderer,
        instrument.library.latent,
        plan,
        as_it_was(arrivals),
        vibrato=instrument.library.vibrato,
    ) as ahead:
        sound = played(machine, ahead, take, events)
    assert machine.snapshot().refused == 0
    return sound


def test_a_swept_chord_sounds_as_its_replay(jack_server: JackServer, tmp_path: Path) -> None:
    take, told = perform(jack_server, tmp_path, busy=False)
    assert told.counts["swapped"] >= len(CHORD)
    check(take, told)
    check_where_it_changes(take, told.arrivals)


def test_a_fight_for_the_interpreter_costs_no_note_and_no_frame_of_a_sweep(
    jack_server: JackServer, tmp_path: Path
) -> None:
    check(*perform(jack_server, tmp_path, busy=True))


def check(take: Take, told: Told) -> None:
    """Nothing was lost, and what was recorded is what offline comes of what is told."""
    assert take.is_gapless
    assert told.counts["notes"] == len(CHORD)
    for fault in ("starved", "missing", "missed", "late", "bad"):
        assert told.counts[fault] == 0, fault
    replay = again(take, told.arrivals)
    assert np.abs(replay).max() > 0.1
    np.testing.assert_array_equal(take.samples, replay)


def check_where_it_changes(take: Take, arrivals: list[Arrival]) -> None:
    """The sound without the first change differs from there on, and from nowhere else."""
    spec = open_instrument("", "phase-locked", take.sample_rate).bundle.spec
    begun = [arrival for arrival in arrivals if arrival.start <= 0]
    change = next(arrival for arrival in arrivals if arrival.timbre != begun[0].timbre)
    joint = take.note_ons[0][0] - int(take.starts[0]) + first_heard(change, spec)
    without, with_it = again(take, begun), again(take, [*begun, change])
    sooner = joint - SWAY
    np.testing.assert_array_equal(with_it[:, :sooner], without[:, :sooner])
    different = np.flatnonzero(np.abs(with_it - without).max(axis=0) > SAME)
    assert sooner <= different[0] <= joint + LATEST
