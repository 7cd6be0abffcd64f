"""Ardour plays the instrument and records it: every note is there, where it was written."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.drivers.test_jack import AUDIO, MIDI
from tests.e2e.daw import TICKS_PER_BEAT, LostJackError, Note, find_ardour, perform_in_ardour
from tests.e2e.jackd import JackServer
from tests.e2e.program import tone_synth

TRIES = 3


@pytest.mark.jack
@pytest.mark.daw
@pytest.mark.skipif(find_ardour() is None, reason="no ardour-lua: install ardour")
def test_ardour_plays_and_records_every_note_in_time(
    jack_server: JackServer, tmp_path: Path
) -> None:
    random = np.random.default_rng(5)
    # Apart enough for a note to fade before the next one starts.
    starts = TICKS_PER_BEAT + np.cumsum(random.integers(2000, 2600, 10))
    notes = [Note(60 + i, int(start), length=120) for i, start in enumerate(starts)]
    rate = jack_server.sample_rate
    recording = perform_at_last(jack_server, tmp_path, notes)
    level = np.abs(recording).max(axis=0)
    # Ardour may shift the whole recording by its idea of the latency, but no note against another.
    shifts = [onset_near(level, note.frame(rate), rate // 20) - note.frame(rate) for note in notes]
    assert max(shifts) - min(shifts) <= 1.0
    assert abs(shifts[0]) <= jack_server.block


def perform_at_last(server: JackServer, folder: Path, notes: list[Note]) -> NDArray[np.float32]:
    """Play in Ardour, again with a fresh server when it loses the first one."""
    for attempt in range(TRIES):
        try:
            with tone_synth(folder, "jack", server.block):
                return perform_in_ardour(
                    folder / str(attempt), notes, MIDI, AUDIO, server.sample_rate
                )
        except LostJackError:
            server.stop()
            server.start()
    raise LostJackError


def onset_near(level: NDArray[np.float32], frame: float, reach: int) -> int:
    """First frame with sound within `reach` frames before and after."""
    first = round(frame) - reach
    heard = np.flatnonzero(level[first : first + 2 * reach] > 1e-4)
    assert len(heard), f"no note near frame {frame}"
    return first + int(heard[0])
