"""The instrument without devices: messages in, sound out."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.config import load_config, with_parts
from gansynth_live.instrument import Instrument, open_instrument
from gansynth_live.kernel.events import Performed
from gansynth_live.synth import Synth
from tests.eventually import eventually
from tests.tuning.scales import equal

RATE = 16_000
PATIENCE = 120.0  # seconds
PARTS = (
    {"channels": [1], "instruments": ["flute", "cello"]},
    {"channels": [2], "instruments": ["church organ"]},
)


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return open_instrument(None, "phase-locked", RATE)


@pytest.fixture
def synth(instrument: Instrument) -> Iterator[Synth]:
    synth = Synth(with_parts(load_config(), PARTS, "test"), instrument, pytest.fail)
    synth.start()
    assert synth.renders.wait_until_ready(timeout=PATIENCE)
    yield synth
    synth.close()


def test_parts_sound_and_everybody_hears_what_was_performed(synth: Synth) -> None:
    heard: list[Performed] = []
    synth.subscribe(heard.append)
    for channel in range(3):
        assert synth.send(0x90 | channel, 60, 100)
    sound = synth.advance(RATE // 4)
    synth.attend()
    assert np.abs(sound).max() > 0.01
    assert [event.status for event in heard] == [0x90, 0x91, 0x92]
    assert [event.serial for event in heard] == [1, 2, 3], "channel 3 plays the settings' path"
    synth.fade()
    synth.advance(RATE)
    assert synth.snapshot().engine.voices == 0


def test_a_knob_moves_the_part_of_its_channel(synth: Synth) -> None:
    before = synth.snapshot().blends
    assert synth.send(0xB0, 1, 127)
    synth.advance(64)
    while synth.attend():
        synth.advance(64)
    after = synth.snapshot().blends
    assert dict(after[0].weights) == {"cello": 1.0}
    assert after[1:] == before[1:]
    assert synth.renders.wait_until_ready(timeout=PATIENCE)


def test_panic_silences(synth: Synth) -> None:
    synth.send(0x90, 60, 100)
    synth.advance(64)
    synth.attend()
    synth.panic()
    synth.advance(RATE)
    while synth.attend():
        synth.advance(64)
    assert synth.snapshot().engine.voices == 0
    assert synth.snapshot().faults == 0


def test_a_tuned_key_waits_for_the_render_of_its_own_pitch(instrument: Instrument) -> None:
    """Before everything is rendered: the key's own number may come long after that."""
    config = load_config(overrides=[f"tuning.scale={json.dumps(equal(24))}"])
    synth = Synth(config, instrument, pytest.fail)
    synth.send(0x90, 82, 100)  # 11 semitones above the middle C
    synth.advance(64)
    synth.attend()
    synth.start()
    eventually(lambda: bool(synth.advance(64).any()))
    [voice] = synth.machine.voices()
    render = synth.renders.scheduler.pool.at(int(voice["slot"]))
    assert render is not None
    assert (render.pitch, float(voice["rate"])) == (71, 1.0)
    assert synth.snapshot().renders.ready < synth.renders.keys, "first what is waited for"
    synth.close()


@pytest.mark.long
def test_a_start_that_only_loads_compiled_code_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path))
    program = (
        "from gansynth_live.config import load_config\n"
        "from gansynth_live.instrument import open_instrument\n"
        "from gansynth_live.synth import Synth\n"
        f"opened = open_instrument(None, 'phase-locked', {RATE})\n"
        "synth = Synth(load_config(), opened, print)\n"
        "synth.start()\n"
        f"print(synth.renders.wait_until_ready(timeout={PATIENCE}))\n"
        "synth.close()\n"
    )
    for _ in range(2):
        start = subprocess.run(
            [sys.executable, "-c", program], check=False, capture_output=True, text=True
        )
        assert (start.returncode, start.stdout.splitlines()[-1:]) == (0, ["True"]), start.stderr
