"""Ardour plays the instrument and records it: every note is there, where it was written."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.kernel.layout import SEGMENT
from tests.drivers.test_jack import AUDIO, MIDI
from tests.e2e.daw import (
    TICKS_PER_BEAT,
    ArdourError,
    Messages,
    Note,
    export_from_ardour,
    find_ardour,
    perform_in_ardour,
)
from tests.e2e.jackd import JackServer
from tests.e2e.offline import file_render
from tests.e2e.order import EAR
from tests.e2e.program import Program, tone_synth
from tests.e2e.take import Take

T = TypeVar("T")

TRIES = 8
DITHER = 2e-4  # of full scale: what 16 bits with shaped dither may change


@pytest.mark.long
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
    """Play in Ardour, again when it loses the server."""

    def attempt(place: Path) -> NDArray[np.float32]:
        with tone_synth(place, "jack", server.block):
            return perform_in_ardour(place, notes, MIDI, AUDIO, server.sample_rate)

    return at_last(server, folder, attempt)


def at_last(server: JackServer, folder: Path, attempt: Callable[[Path], T]) -> T:
    """What `attempt` answers; each has a folder of its own, and a fresh server after a loss.

    The test is skipped when Ardour never keeps a server: that is a fault of its own, and whatever
    it did record or export is still judged.
    """
    lost: Exception | None = None
    for number in range(TRIES):
        place = folder / str(number)
        place.mkdir()
        try:
            return attempt(place)
        # A crashed Ardour may have taken the server with it, so that nobody can leave it.
        except (ArdourError, subprocess.TimeoutExpired) as error:
            lost = error
            server.stop()
            server.start()
    pytest.skip(f"Ardour lost {TRIES} JACK servers; run the test again: {lost}")


def onset_near(level: NDArray[np.float32], frame: float, reach: int) -> int:
    """First frame with sound within `reach` frames before and after."""
    first = round(frame) - reach
    heard = np.flatnonzero(level[first : first + 2 * reach] > 1e-4)
    assert len(heard), f"no note near frame {frame}"
    return first + int(heard[0])


@pytest.mark.long
@pytest.mark.jack
@pytest.mark.daw
@pytest.mark.skipif(find_ardour() is None, reason="no ardour-lua: install ardour")
def test_what_ardour_exports_is_the_file_of_what_it_sent(
    jack_server: JackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ardour 7 sends some messages twice while it exports, so it is asked what it sent."""
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))
    exported, heard = export_at_last(jack_server, tmp_path, held_and_swept())
    first = next(frame for frame, message in heard if message[0] & 0xF0 == 0x90)
    origin = first - first % SEGMENT  # voices look at their surroundings on a grid of frames
    sent = [(frame, message) for frame, message in heard if frame >= origin]
    expected, _ = file_render(take_of(sent, origin, exported.shape[1], jack_server.sample_rate))
    # Where Ardour's time line begins is its own affair; one shift must fit from end to end.
    shift = onset(exported) - onset(expected)
    frames = exported.shape[1] - shift
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(exported[:, shift:], expected[:, :frames], atol=DITHER, rtol=0)


def held_and_swept() -> Messages:
    """A chord that is held for 5 s under a knob that sweeps, then notes on the pedal."""
    beat, keys = TICKS_PER_BEAT, (48, 55, 64, 72)
    messages: Messages = [(beat, [0x90, key, 100]) for key in keys]
    messages += [(2 * beat + 60 * value, [0xB0, 1, value]) for value in range(128)]
    messages += [(11 * beat, [0x80, key, 0]) for key in keys]
    messages.append((11 * beat + 4, [0xB0, 64, 127]))
    for number, key in enumerate((60, 67, 52)):
        tick = 12 * beat + number * beat // 2
        messages += [(tick, [0x90, key, 90]), (tick + beat // 4, [0x80, key, 0])]
    messages.append((22 * beat, [0xB0, 64, 0]))
    return sorted(messages, key=lambda message: message[0])


def export_at_last(
    server: JackServer, folder: Path, messages: Messages
) -> tuple[NDArray[np.float32], Messages]:
    """Export from Ardour, again when it loses the server.

    Returns what it wrote, and the messages (frame, bytes) that it sent.
    """

    def attempt(place: Path) -> tuple[NDArray[np.float32], Messages]:
        with (
            Program(place, "gansynth_live", "play") as synth,
            Program(place, "tests.e2e.ear", str(place / "heard.json")) as ear,
        ):
            rate = server.sample_rate
            exported = export_from_ardour(place, messages, MIDI, EAR, AUDIO, rate)
            assert ear.stop() == synth.stop() == 0
        return exported, json.loads((place / "heard.json").read_text())

    return at_last(server, folder, attempt)


def take_of(messages: Messages, origin: int, frames: int, sample_rate: int) -> Take:
    """A take without sound, from frame `origin` on, in which these messages were sent."""
    return Take(
        origin,
        starts=np.array([origin], np.int64),
        samples=np.zeros((2, frames), np.float32),
        sent_frames=np.array([frame for frame, _ in messages], np.int64),
        sent_messages=np.array([(*message, 0, 0)[:3] for _, message in messages], np.uint8),
        xruns=0,
        sample_rate=sample_rate,
    )


def onset(sound: NDArray[np.float32]) -> int:
    """First frame that is clearly heard."""
    return int(np.argmax(np.abs(sound).max(axis=0) > 1e-2))
