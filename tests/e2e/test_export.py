"""What a DAW exports by freewheel is what a file render of the same events holds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.cli.demo_score import demo_events
from tests.e2e.jackd import JackServer
from tests.e2e.offline import file_render
from tests.e2e.replay import Messages, perform

RATE = 48_000
SECONDS = 14.0
VALUE_FRAMES = 1500  # 31 ms from one value of the knob to the next
LONG_SECONDS = 600.0
SHORT = RATE // 100  # frames over which a level is taken
SILENCE = 1e-3  # of full scale
CHORD = (48, 55, 64, 72)

pytestmark = [pytest.mark.jack, pytest.mark.timeout(240)]


@pytest.fixture(autouse=True)
def no_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))


def piece() -> Messages:
    """A chord that is held for 6 s, a knob that sweeps meanwhile, then notes on the pedal."""
    messages: Messages = [(500, [0x90, key, 100]) for key in CHORD]
    for value in range(128):
        messages.append((RATE + value * VALUE_FRAMES, [0xB0, 1, value]))
    messages += [(6 * RATE, [0x80, key, 0]) for key in CHORD]
    messages.append((6 * RATE + 100, [0xB0, 64, 127]))
    for number, key in enumerate((60, 67, 52, 76, 43)):
        at = 6 * RATE + 700 + number * RATE // 5
        messages += [(at, [0x90, key, 60 + 12 * number]), (at + RATE // 10, [0x80, key, 0])]
        messages.append((at + 99, [0xB0, 1, 120 - 20 * number]))
    messages.append((12 * RATE, [0xB0, 64, 0]))
    return sorted(messages, key=lambda message: message[0])


@pytest.mark.parametrize("block", [256, pytest.param(4096, marks=pytest.mark.long)])
def test_an_export_is_the_file(jack_server: JackServer, tmp_path: Path, block: int) -> None:
    jack_server.stop()
    jack_server.block = block
    jack_server.start()
    take, told = perform(jack_server, tmp_path, piece(), SECONDS, freewheel=True)
    assert take.is_gapless
    for fault in ("starved", "missing", "missed", "late", "bad", "refused", "unready"):
        assert told.counts[fault] == 0, fault
    expected, counts = file_render(take)
    assert counts.starved == 0
    np.testing.assert_array_equal(take.samples, expected)


def of_two_channels() -> Messages:
    """The piece, and at each of its moments the same on channel 2, with a knob that falls."""
    other = [
        (frame, [status | 1, *data[:1], 127 - data[1]] if status == 0xB0 else [status | 1, *data])
        for frame, (status, *data) in piece()
    ]
    return sorted(piece() + other, key=lambda message: message[0])


@pytest.mark.long
def test_an_export_holds_only_the_channels_that_are_heard(
    jack_server: JackServer, tmp_path: Path
) -> None:
    settings = ["midi.channels=[1]"]
    take, _ = perform(jack_server, tmp_path, of_two_channels(), SECONDS, settings, freewheel=True)
    is_heard = take.sent_messages[:, 0] & 0x0F == 0
    expected, _ = file_render(
        replace(
            take,
            sent_frames=take.sent_frames[is_heard],
            sent_messages=take.sent_messages[is_heard],
        )
    )
    np.testing.assert_array_equal(take.samples, expected)


PARTS = """
[[part]]
channels = [1]
instruments = ["cello", "choir"]
level_db = -3.0

[[part]]
channels = [2]
instruments = ["drawbar organ", "flute"]
pan = 0.5
transpose = 7

[[part]]
channels = [1, 2]
instruments = ["kalimba"]
low = 60
"""


@pytest.mark.long
def test_parts_are_exported_as_into_a_file(jack_server: JackServer, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(PARTS)
    take, told = perform(jack_server, tmp_path, of_two_channels(), SECONDS, freewheel=True)
    for fault in ("starved", "missing", "late", "bad", "refused", "unready"):
        assert told.counts[fault] == 0, fault
    assert told.counts["notes"] > len(take.note_ons), "some keys play two parts"
    expected, _ = file_render(take)
    np.testing.assert_array_equal(take.samples, expected)


def long_piece() -> Messages:
    """The demo's music, over and over for ten minutes: Bach, and chords that are held and morph."""
    song = demo_events()
    length = song[-1].time + 1.0
    return [
        (round((start + event.time) * RATE), [event.status, event.data1, event.data2])
        for start in np.arange(0.0, LONG_SECONDS - length, length)
        for event in song
    ]


def levels(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The peak of every hundredth of a second."""
    whole = samples.shape[1] // SHORT * SHORT
    peaks: NDArray[np.float32] = np.abs(samples[:, :whole]).max(axis=0).reshape(-1, SHORT).max(1)
    return peaks


def clicks(samples: NDArray[np.float32], than: NDArray[np.float32]) -> int:
    """Steps from sample to sample that are half as large again as the largest of `than`."""
    return int((np.abs(np.diff(samples)) > 1.5 * np.abs(np.diff(than)).max()).sum())


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_ten_minutes_live_and_exported(jack_server: JackServer, tmp_path: Path) -> None:
    for freewheel in (True, False):
        take, told = perform(jack_server, tmp_path, long_piece(), LONG_SECONDS, freewheel=freewheel)
        expected, _ = file_render(take)
        holes = (levels(take.samples) < SILENCE) & (levels(expected) >= 10 * SILENCE)
        loudest = 20 * np.log10(np.abs(take.samples).max() / np.abs(expected).max())
        difference = float(np.abs(take.samples - expected).max())
        print(f"freewheel {freewheel}: {told.counts}, differs by up to {difference}")
        print(f"late blocks {take.xruns}, holes {holes.sum()}, loudest {loudest:+.2f} dB")
        assert take.is_gapless
        assert told.counts["notes"] == len(take.note_ons)
        assert told.counts["missed"] == told.counts["bad"] == told.counts["unready"] == 0
        assert holes.sum() == 0
        assert clicks(take.samples, expected) == 0
        if freewheel:
            assert difference == 0.0
