"""`gansynth-live play` as its users have it: another process plays it and records what it says."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.units import cents_between, key_to_hz
from tests.drivers.test_jack import AUDIO, MIDI, repeated_notes
from tests.drivers.test_patchbay import Source
from tests.e2e.jackd import JackServer
from tests.e2e.offline import render_offline
from tests.e2e.order import Order
from tests.e2e.program import Program
from tests.e2e.take import last_step, pitch_hz, record
from tests.e2e.tones import performance, without_none

PLAY = "gansynth_live"
PORTAUDIO = ["gansynth-live:out_0", "gansynth-live:out_1"]
RTMIDI = "GANSynth Live:GANSynth Live"
CLICK = 0.01  # of the peak, -40 dB
POLL_FRAMES = 48  # 1 ms: a poll every half, and the time to wake up
SOFT_START_FRAMES = 48  # 1 ms: a note begins from silence
OWN_SECONDS = 2.4  # the oldest voice still plays the render that it began with
LOADED_PLAY = "gansynth_live.bench.loaded_play"
NULL_CLIENT = "gansynth_live.bench.null_client"  # what it delivers late, nobody could have

pytestmark = [pytest.mark.jack, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def no_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))


def play(folder: Path, *options: str, instrument: str = "cello") -> Program:
    """`gansynth-live play` with one instrument, so that no control morphs it."""
    return Program(folder, PLAY, "play", "--instruments", instrument, *options)


@pytest.mark.long
def test_what_was_played_is_what_a_file_would_hold(jack_server: JackServer, tmp_path: Path) -> None:
    events = performance(jack_server.sample_rate, seconds=6.0)
    with play(tmp_path) as synth:
        time.sleep(2.0)
        take = record(jack_server, Order(MIDI, AUDIO, events, 6.0), tmp_path)
        assert synth.stop() == 0
    expected = render_offline(take, "cello")
    assert take.is_gapless
    assert np.abs(expected).max() > 0.1
    np.testing.assert_array_equal(take.samples, expected)


@pytest.mark.long
def test_the_interpreter_lock_and_busy_renderers_cost_no_note_and_no_frame(
    jack_server: JackServer, tmp_path: Path
) -> None:
    events = performance(jack_server.sample_rate, seconds=6.0)
    with Program(tmp_path, LOADED_PLAY, "--instruments", "cello") as synth:
        time.sleep(2.0)
        synth.signal(signal.SIGUSR2)
        take = record(jack_server, Order(MIDI, AUDIO, events, 6.0), tmp_path)
        assert synth.stop() == 0
    expected = render_offline(take, "cello")
    own = int(OWN_SECONDS * take.sample_rate)
    np.testing.assert_array_equal(take.samples[:, :own], expected[:, :own])
    # From then on voices are held beyond their renders, and the renderer may be late.
    assert np.abs(take.samples - expected).max() < 0.05 * np.abs(expected).max()
    with Program(tmp_path, NULL_CLIENT):
        floor = record(jack_server, Order(MIDI, AUDIO, events, 6.0), tmp_path)
    assert take.xruns <= floor.xruns + len(take.starts) // 100


@pytest.mark.long
def test_no_note_is_lost_while_every_key_is_rendered_anew(
    jack_server: JackServer, tmp_path: Path
) -> None:
    notes = repeated_notes(jack_server.sample_rate, 40)
    sweep = [(frame, [0xB0, 1, frame // 2400 % 128]) for frame in range(0, 4 * 48000, 2400)]
    events = sorted(notes + sweep)
    with Program(tmp_path, LOADED_PLAY, "--instruments", "cello,flute") as synth:
        synth.signal(signal.SIGUSR2)
        take = record(jack_server, Order(MIDI, AUDIO, events, 4.5), tmp_path)
        assert synth.stop() == 0
    delays = without_none(take.delay_of(frame, 2000) for frame, _ in take.note_ons)
    assert len(delays) == 40
    assert max(delays) <= SOFT_START_FRAMES


@pytest.mark.long
def test_every_key_sounds_at_its_pitch(jack_server: JackServer, tmp_path: Path) -> None:
    rate = jack_server.sample_rate
    keys = [21, *range(24, 85, 4), 88, 96, 103]  # the model itself knows 24..84
    events: list[tuple[int, list[int]]] = []
    for number, key in enumerate(keys):
        frame = number * rate // 2
        events += [(frame, [0x90, key, 100]), (frame + rate * 2 // 5, [0xB0, 120, 0])]
    with play(tmp_path, instrument="clarinet") as synth:
        take = record(jack_server, Order(MIDI, AUDIO, events, len(keys) / 2 + 1), tmp_path)
        assert synth.stop() == 0
    assert [key for _, key in take.note_ons] == keys
    for frame, key in take.note_ons:
        sound = take.between(frame + rate // 20, frame + rate * 2 // 5).sum(axis=0)
        off = cents_between(pitch_hz(sound, rate, key_to_hz(key)), key_to_hz(key))
        assert abs(off) < 5.0, f"key {key} is {off:+.1f} cents off"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_order(
    jack_server: JackServer, tmp_path: Path, number: signal.Signals
) -> None:
    with play(tmp_path) as synth:
        assert synth.stop(number) == 0
    assert MIDI not in jack_server.ports()
    assert "Traceback" not in synth.errors


def test_it_ends_by_itself_after_the_seconds_it_was_given(
    jack_server: JackServer, tmp_path: Path
) -> None:
    with play(tmp_path, "--seconds", "0.5") as synth:
        assert synth.wait() == 0


@pytest.mark.long
def test_its_end_is_a_fade(jack_server: JackServer, tmp_path: Path) -> None:
    chord: list[tuple[int, list[int]]] = [(0, [0x90, key, 127]) for key in (48, 52, 55, 60, 64, 67)]
    with play(tmp_path, "--seconds", "5") as synth:
        take = record(jack_server, Order(MIDI, AUDIO, chord, 6.0), tmp_path)
        assert synth.wait() == 0
    sound = take.samples
    assert take.is_gapless
    assert np.abs(sound).max() > 0.1
    assert np.abs(sound[:, -take.sample_rate // 10 :]).max() == 0.0
    assert last_step(sound) < CLICK
    end = int(np.flatnonzero(np.abs(sound).max(axis=0))[-1])
    fade = end - take.sample_rate // 20
    steps = np.abs(np.diff(sound)).max(axis=0)
    assert steps[fade:].max() <= steps[:fade].max()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--driver", "portaudio", "--device", "nobody's"], "no audio device is called"),
        (["--instruments", "cello,trombnoe"], "trombnoe"),
        (["--model", "/nowhere"], "/nowhere"),
        (["--block", "0"], "audio.block = 0"),
    ],
)
def test_a_mistake_is_one_line(
    jack_server: JackServer, tmp_path: Path, options: list[str], complaint: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", PLAY, "play", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 2
    assert complaint in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_without_a_jack_server_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-runs-this")
    ended = subprocess.run(
        [sys.executable, "-m", PLAY, "play", "--driver", "jack"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 2
    assert re.search("no JACK server is running; start one|install jackd2", ended.stderr)
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.long
def test_notes_that_a_stall_left_behind_are_ended_and_nothing_else_is(
    jack_server: JackServer, tmp_path: Path
) -> None:
    stall = "the sound stood still and MIDI may be lost: all notes were ended"
    listening = Order("", AUDIO, [], 1.5)
    jack_server.stop()
    jack_server.waits = False  # so its time runs on without us
    jack_server.start()
    with play(tmp_path) as synth:
        source = Source("Sequencer")
        source.do("connect", MIDI)
        source.hold_a_chord_with_the_pedal()
        assert np.abs(record(jack_server, listening, tmp_path).samples[:, -4800:]).max() > 0.01
        synth.signal(signal.SIGSTOP)
        time.sleep(1.0)  # the stall itself
        synth.signal(signal.SIGCONT)
        wait_until_said(synth, stall)
        rest = np.abs(record(jack_server, listening, tmp_path).samples[:, -4800:]).max()
        assert rest < 1e-3, "more sounds than the end of an echo"
        source.hold_a_chord_with_the_pedal()
        assert np.abs(record(jack_server, listening, tmp_path).samples[:, -4800:]).max() > 0.01
        assert synth.stop() == 0
        source.kill()
    assert "lost;" not in synth.errors


def test_a_signal_is_panic(jack_server: JackServer, tmp_path: Path) -> None:
    with play(tmp_path) as synth:
        synth.signal(signal.SIGUSR1)
        wait_until_said(synth, "panic: silence")
        assert synth.stop() == 0


def wait_until_said(synth: Program, line: str) -> None:
    deadline = time.monotonic() + 10.0
    while line not in synth.errors:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_enter_is_panic(jack_server: JackServer, tmp_path: Path) -> None:
    keyboard, terminal = os.openpty()
    with Program(tmp_path, PLAY, "play", "--instruments", "cello", terminal=terminal) as synth:
        os.write(keyboard, b"\n")
        wait_until_said(synth, "panic: silence")
        assert synth.stop() == 0
