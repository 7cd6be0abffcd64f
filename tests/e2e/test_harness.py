"""The measuring instruments measured: a wire recorded through the studio is the wire."""

from pathlib import Path

import numpy as np
import pytest

from tests.e2e.jackd import JackServer
from tests.e2e.order import Order
from tests.e2e.take import pitch_hz, record


@pytest.mark.jack
def test_the_studio_sends_at_known_frames_and_records_every_block(
    jack_server: JackServer, tmp_path: Path
) -> None:
    events = [(1000 + 777 * i, [0x90, 60, 100]) for i in range(20)]
    order = Order(
        midi="",
        audio=["system:capture_1", "system:capture_2"],
        events=events,
        seconds=0.5,
    )
    take = record(jack_server, order, tmp_path)
    assert take.block == jack_server.block
    assert take.is_gapless
    assert take.sent_frames.tolist() == [take.origin + frame for frame, _ in events]


@pytest.mark.parametrize("cents", [-30.0, -1.0, 0.0, 4.0, 25.0])
def test_pitch_is_measured_to_a_tenth_of_a_cent(cents: float) -> None:
    hz = 220.0 * 2 ** (cents / 1200)
    time = np.arange(24_000) / 48_000
    partials = [np.sin(2 * np.pi * hz * k * time) / k for k in range(1, 6)]
    tone = np.sum(partials, axis=0).astype(np.float32)
    measured = pitch_hz(tone, 48_000, 220.0)
    assert abs(1200 * np.log2(measured / hz)) < 0.1
