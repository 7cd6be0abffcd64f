"""The rig keeps a performance going: servers and keyboards come and go."""

import signal
import time
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.units import cents_between
from tests.drivers.test_jack import AUDIO, MIDI
from tests.e2e.jackd import JackServer
from tests.e2e.order import Order
from tests.e2e.program import tone_synth
from tests.e2e.take import pitch_hz, record

pytestmark = pytest.mark.jack

NOTE = [(0, [0x90, 69, 127])]


def wait_for(server: JackServer, port: str, seconds: float) -> None:
    """Block until `port` exists; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while port not in server.ports():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_sound_is_back_soon_after_the_server_is(jack_server: JackServer, tmp_path: Path) -> None:
    with tone_synth(tmp_path, "auto", jack_server.block) as synth:
        for _ in range(2):
            jack_server.kill()
            time.sleep(0.6)  # longer than it takes to notice
            jack_server.start()
            wait_for(jack_server, MIDI, seconds=3.0)
            take = record(jack_server, Order(MIDI, AUDIO, NOTE, 0.5), tmp_path)
            assert np.abs(take.samples).max() > 0.05
        assert synth.stop() == 0
    assert synth.errors.count("the audio device is lost; waiting for it to come back") == 2
    assert synth.errors.count("the audio device is back: JACK, 48000 Hz") == 2


def test_a_server_that_comes_back_at_another_rate_is_played_on(
    jack_server: JackServer, tmp_path: Path
) -> None:
    with tone_synth(tmp_path, "auto", jack_server.block) as synth:
        for rate in (44100, 48000):
            jack_server.kill()
            jack_server.sample_rate = rate
            jack_server.start()
            wait_for(jack_server, MIDI, seconds=10.0)
            take = record(jack_server, Order(MIDI, AUDIO, NOTE, 0.5), tmp_path)
            assert take.sample_rate == rate
            sound = take.between(take.origin + rate // 10, take.origin + rate // 2).sum(axis=0)
            assert abs(cents_between(pitch_hz(sound, rate, 440.0), 440.0)) < 2.0
        assert synth.stop() == 0
    resampled = "it is resampled from 48000 Hz; start again for the best"
    assert synth.errors.count(resampled) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_client_leaves_the_graph_when_the_program_is_stopped(
    jack_server: JackServer, tmp_path: Path, number: signal.Signals
) -> None:
    with tone_synth(tmp_path, "jack", jack_server.block) as synth:
        wait_for(jack_server, MIDI, seconds=1.0)
        synth.stop(number)
    assert MIDI not in jack_server.ports()
    record(jack_server, Order("", ["system:capture_1", "system:capture_2"], [], 0.1), tmp_path)
