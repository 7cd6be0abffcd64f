"""A performance of `play` that tells what voices went on in, and the same again offline."""

import signal
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.bench.told_play import Told
from gansynth_live.render.schedule.offline import as_it_was
from gansynth_live.render.voices.tracker import VoiceSwitch
from tests.drivers.test_jack import AUDIO, MIDI
from tests.e2e.jackd import JackServer
from tests.e2e.offline import played
from tests.e2e.order import Order
from tests.e2e.program import Program
from tests.e2e.take import Take, record

TOLD_PLAY = "gansynth_live.bench.told_play"

Messages = list[tuple[int, list[int]]]  # frame after the start, bytes


def perform(
    server: JackServer,
    folder: Path,
    messages: Messages,
    seconds: float,
    settings: Sequence[str] = (),
    *,
    busy: bool = False,
    freewheel: bool = False,
) -> tuple[Take, Told]:
    """What was recorded of the messages, and what the instrument tells of it.

    Args:
        busy: while other threads fight for the interpreter's lock.
        freewheel: as fast as it can, as a DAW exports.
    """
    told = folder / "told.json"
    with Program(folder, TOLD_PLAY, str(told), *settings) as synth:
        if busy:
            synth.signal(signal.SIGUSR2)
            time.sleep(0.5)
        take = record(server, Order(MIDI, AUDIO, messages, seconds, freewheel), folder)
        assert synth.stop() == 0, synth.errors
    return take, Told.read(told)


def again(take: Take, arrivals: list[VoiceSwitch]) -> NDArray[np.float32]:
    """The messages of `take` offline, with everything arriving as in `arrivals`: [2, frames]."""
    began = iter(sorted(arrival for arrival in arrivals if arrival.start <= 0))
    samples, counts = played(
        take,
        lambda event: next(began).timbre if event.is_note_on else None,
        as_it_was(arrivals),
    )
    assert counts.refused == 0
    return samples


def check(take: Take, told: Told) -> None:
    """Nothing was lost, and what was recorded is what offline comes of what is told."""
    assert take.is_gapless
    assert told.counts["notes"] == len(take.note_ons)
    for fault in ("starved", "missing", "missed", "late", "bad"):
        assert told.counts[fault] == 0, fault
    replay = again(take, told.arrivals)
    assert np.abs(replay).max() > 0.1
    np.testing.assert_array_equal(take.samples, replay)
