"""A newcomer opens the panel of `play`, presses a key, drags the pad, and hears it."""

import re
import time
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.units import cents_between, key_to_hz
from tests.drivers.test_jack import AUDIO
from tests.e2e.jackd import JackServer
from tests.e2e.order import Order
from tests.e2e.program import Program
from tests.e2e.take import SILENCE, Take, pitch_hz, record
from tests.panel.browser import chromium

C4 = 60
SOON = 10.0  # seconds from the link to a sound that has changed
LOOK = 0.4  # seconds of sound that are compared
BANDS_HZ = np.geomspace(200.0, 8000.0, 25)

pytestmark = [pytest.mark.jack, pytest.mark.timeout(180)]


def shape(sound: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """[24] dB in bands of a third of an octave or less, their mean 0."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / sample_rate)
    sums, _ = np.histogram(hz, BANDS_HZ, weights=power)
    levels = 10.0 * np.log10(np.maximum(sums, sums.max() * 1e-6))
    return np.asarray(levels - levels.mean())


def test_within_ten_seconds_a_key_sounds_and_the_pad_changes_it(
    jack_server: JackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))
    takes: list[Take] = []
    order = Order("", AUDIO, [], SOON + 2.0)
    with (
        Program(tmp_path, "gansynth_live", "play", "--instruments", "cello,flute,choir") as synth,
        chromium() as browser,
    ):
        link = re.search(r"^panel: (\S+)$", synth.errors, re.MULTILINE)
        assert link is not None
        recording = Thread(target=lambda: takes.append(record(jack_server, order, tmp_path)))
        recording.start()
        began = time.monotonic()
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(link[1])
        page.locator("body[data-link=open]").wait_for(state="attached")
        box = page.locator("#pad").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.1 * box["height"])
        page.keyboard.down("KeyA")
        pressed = time.monotonic()
        page.locator("#numbers [data-name=voices] b", has_text="1").wait_for()
        page.wait_for_timeout(1000)
        page.mouse.down()
        dragged = time.monotonic()
        page.mouse.move(box["x"] + 0.85 * box["width"], box["y"] + 0.7 * box["height"], steps=20)
        page.mouse.up()
        page.wait_for_timeout(1000)
        released = time.monotonic()
        page.keyboard.up("KeyA")
        recording.join()
        assert synth.stop() == 0
    assert released - began < SOON
    [take] = takes
    mono, rate = take.samples.mean(axis=0), take.sample_rate
    onset = int(np.flatnonzero(np.abs(mono) > 100 * SILENCE)[0])

    def heard(second: float) -> NDArray[np.float32]:
        first = onset + int((second - pressed) * rate)
        return np.asarray(mono[first : first + int(LOOK * rate)])

    before, earlier = heard(dragged - LOOK), heard(dragged - 2 * LOOK)
    after = heard(released - LOOK)
    assert np.abs(before).max() > 0.01
    for sound in (before, after):
        assert abs(cents_between(pitch_hz(sound, rate, key_to_hz(C4)), key_to_hz(C4))) < 20
    still = np.abs(shape(before, rate) - shape(earlier, rate)).mean()
    moved = np.abs(shape(after, rate) - shape(before, rate)).mean()
    print(f"opened to changed {released - began:.1f} s; still {still:.1f} dB, moved {moved:.1f} dB")
    assert moved > 2.0 * still
    assert np.abs(mono[-rate // 10 :]).max() < 1e-3 * np.abs(mono).max()
