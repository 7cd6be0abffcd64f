"""`gansynth-live play` as its users have it: another process plays it and records what it says."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.units import cents_between, key_to_hz
from tests.drivers.test_jack import AUDIO, MIDI, repeated_notes
from tests.e2e.jackd import JackServer
from tests.e2e.offline import render_offline
from tests.e2e.program import Program
from tests.e2e.studio import Order
from tests.e2e.take import pitch_hz, record
from tests.e2e.tones import performance, without_none

PLAY = "gansynth_live"
LOADED_PLAY = "gansynth_live.bench.loaded_play"  # beside threads that hold the interpreter lock

pytestmark = [pytest.mark.jack, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def no_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))


def play(folder: Path, *options: str) -> Program:
    """`gansynth-live play` with one instrument, unless the options say otherwise."""
    return Program(folder, PLAY, "play", "--instruments", "cello", *options)


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
