"""The JACK client against a real server: what it plays is what was sent, to the sample."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.drivers.jack import JackOutput
from gansynth_live.drivers.libjack import jack_server as running_server
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.layout import JACK_INPUT
from gansynth_live.kernel.machine import Machine
from gansynth_live.units import cents_between
from tests.e2e.jackd import JackServer
from tests.e2e.order import Order
from tests.e2e.take import pitch_hz, record
from tests.e2e.tones import offline, performance, tone_machine, without_none

MIDI = "gansynth-live:midi_in"
AUDIO = ["gansynth-live:out_1", "gansynth-live:out_2"]

pytestmark = pytest.mark.jack


@contextmanager
def playing(machine: Machine) -> Iterator[JackOutput]:
    output = JackOutput(machine)
    output.start()
    try:
        yield output
    finally:
        output.close()


def repeated_notes(sample_rate: int, count: int) -> list[tuple[int, list[int]]]:
    """Short notes at odd offsets, each silent before the next."""
    random = np.random.default_rng(1)
    events: list[tuple[int, list[int]]] = []
    for number in range(count):
        frame = number * sample_rate // 10 + int(random.integers(0, 1000))
        events.append((frame, [0x90, 60 + number % 12, 100]))
        events.append((frame + sample_rate // 40, [0xB0, 120, 0]))
    return events


def test_the_ports_have_their_names_and_the_speakers_are_connected(
    jack_server: JackServer,
) -> None:
    machine = tone_machine(jack_server.sample_rate)
    with playing(machine) as output:
        assert {MIDI, *AUDIO} <= set(jack_server.ports())
        assert jack_server.connections()[AUDIO[0]] == ["system:playback_1"]
        assert jack_server.connections()[AUDIO[1]] == ["system:playback_2"]
        assert (output.sample_rate, output.block) == running_server()
        assert output.is_alive()
    assert MIDI not in jack_server.ports()


def test_the_recording_equals_the_offline_render_sample_for_sample(
    jack_server: JackServer, tmp_path: Path
) -> None:
    events = performance(jack_server.sample_rate, seconds=6.0)
    with playing(tone_machine(jack_server.sample_rate)):
        take = record(jack_server, Order(MIDI, AUDIO, events, 6.0), tmp_path)
    assert take.is_gapless
    assert len(take.sent_frames) == len(events)
    expected = offline(take, tone_machine(jack_server.sample_rate))
    assert np.abs(expected).max() > 0.1
    np.testing.assert_array_equal(take.samples, expected)


def test_every_note_sounds_in_the_frame_it_was_sent(
    jack_server: JackServer, tmp_path: Path
) -> None:
    stop = threading.Event()
    hogs = [threading.Thread(target=spin, args=(stop,)) for _ in range(2)]
    for hog in hogs:
        hog.start()
    try:
        with playing(tone_machine(jack_server.sample_rate)):
            events = repeated_notes(jack_server.sample_rate, 30)
            take = record(jack_server, Order(MIDI, AUDIO, events, 3.5), tmp_path)
    finally:
        stop.set()
    delays = without_none(take.delay_of(frame, 2000) for frame, _ in take.note_ons)
    assert len(delays) == 30
    assert max(delays) == min(delays) <= 1


def test_every_tick_of_a_clock_is_told_with_its_frame(
    jack_server: JackServer, tmp_path: Path
) -> None:
    ticks = [(1000 + 997 * number, [0xF8]) for number in range(24)]
    events = [(500, [0xF2, 5, 1]), (700, [0xFA]), *ticks]
    machine = tone_machine(jack_server.sample_rate)
    with playing(machine):
        record(jack_server, Order(MIDI, AUDIO, events, 1.0), tmp_path)
    heard = [event for event in machine.performed() if 0xF0 < event.status < 0xFF]
    assert [event.status for event in heard] == [0xF2, 0xFA] + 24 * [0xF8]
    assert [(event.data1, event.data2) for event in heard[:2]] == [(5, 1), (0, 0)]
    assert {event.port for event in heard} == {JACK_INPUT}
    sent = [frame for frame, _ in events]
    assert np.diff([event.frame for event in heard]).tolist() == np.diff(sent).tolist()


def test_a_server_that_vanishes_is_noticed_and_the_next_one_is_joined(
    jack_server: JackServer, tmp_path: Path
) -> None:
    machine = tone_machine(jack_server.sample_rate)
    output = JackOutput(machine)
    output.start()
    jack_server.kill()
    killed = time.monotonic()
    while output.is_alive():
        assert time.monotonic() - killed < 0.5
        time.sleep(0.01)
    output.close()
    with pytest.raises(DeviceError, match="no JACK server is running"):
        JackOutput(machine)
    jack_server.start()
    with playing(machine):
        take = record(jack_server, Order(MIDI, AUDIO, [(0, [0x90, 69, 127])], 0.5), tmp_path)
    assert np.abs(take.samples).max() > 0.05


def test_an_export_goes_on_without_a_renderer_that_never_answers(
    jack_server: JackServer, tmp_path: Path
) -> None:
    machine = tone_machine(jack_server.sample_rate)
    with playing(machine) as output:
        events = repeated_notes(jack_server.sample_rate, 10)
        take = record(jack_server, Order(MIDI, AUDIO, events, 2.0, freewheel=True), tmp_path)
        assert output.is_alive()
    assert take.is_gapless
    assert machine.snapshot().notes == 10
    assert machine.snapshot().unready >= 2.0 * jack_server.sample_rate / jack_server.block
    np.testing.assert_array_equal(
        take.samples, offline(take, tone_machine(jack_server.sample_rate))
    )


@pytest.mark.parametrize("rate", [44100, 96000])
def test_a_server_of_another_rate_plays_in_tune(
    jack_server: JackServer, tmp_path: Path, rate: int
) -> None:
    with playing(tone_machine(rate)):
        take = record(jack_server, Order(MIDI, AUDIO, [(0, [0x90, 69, 127])], 1.0), tmp_path)
    sound = take.between(take.origin + 4800, take.origin + 43200).sum(axis=0)
    assert abs(cents_between(pitch_hz(sound, take.sample_rate, 440.0), 440.0)) < 1.0


def spin(stop: threading.Event) -> None:
    """Keep the interpreter lock busy."""
    while not stop.is_set():
        sum(range(2000))
