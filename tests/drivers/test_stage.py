"""A known piece on a device that asks in real time sounds as it does in a file."""

import time
from threading import Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.config import load_config
from gansynth_live.drivers.offline import frames_of, perform
from gansynth_live.drivers.stage import perform_live
from gansynth_live.engine.process import process_block
from gansynth_live.errors import DeviceError
from gansynth_live.instrument import Instrument, make_machine, open_instrument
from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.blend import Blend
from gansynth_live.midi import Event
from gansynth_live.render.offline import Lookahead, PlannedNote, plan_notes

RATE = 16_000
BLOCK = 64
EVENTS = [
    Event(0.0, 0x90, 60, 100),
    Event(0.1, 0xB0, 1, 64),
    Event(0.25, 0x80, 60),
    Event(0.25, 0x90, 67, 80),
    Event(0.6, 0x80, 67),
]


class Recorder:
    """An output that asks for blocks at their time and keeps them, until it is `lost`."""

    description = "recorder"
    sample_rate = RATE
    block = BLOCK
    returns = False

    def __init__(self, machine: Machine, lost_after: int = 1 << 30) -> None:
        self._machine = machine
        self._lost_after = lost_after
        self._thread = Thread(target=self._run, daemon=True)
        self._open = True
        self.blocks: list[NDArray[np.float32]] = []

    def start(self) -> None:
        self._thread.start()

    def is_alive(self) -> bool:
        return len(self.blocks) < self._lost_after

    def close(self) -> None:
        self._open = False
        self._thread.join()

    def _run(self) -> None:
        began = time.monotonic()
        while self._open and self.is_alive():
            self.blocks.append(process_block(self._machine, BLOCK))
            due = began + len(self.blocks) * BLOCK / RATE
            time.sleep(max(due - time.monotonic(), 0.0))


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return open_instrument(None, "phase-locked", RATE)


def plan() -> list[PlannedNote]:
    return plan_notes(
        frames_of(EVENTS, RATE),
        lambda event: Blend.only("cello" if event.time < 0.1 else "flute"),
    )


def test_on_stage_as_in_the_file(instrument: Instrument) -> None:
    config, renderer = load_config(), instrument.renderer
    latent = instrument.library.latent
    timed = frames_of(EVENTS, RATE)
    machine = make_machine(config, renderer)
    with Lookahead(machine, renderer, latent, plan()) as ahead:
        written = np.concatenate(list(perform(machine, ahead, timed)), axis=1)
    machine = make_machine(config, renderer)
    output = Recorder(machine)
    played: list[float] = []
    with Lookahead(machine, renderer, latent, plan()) as ahead:
        perform_live(machine, output, ahead, timed, played.append)
    output.close()
    heard = np.concatenate(output.blocks, axis=1)
    length = min(written.shape[1], heard.shape[1])
    assert length > 0.6 * RATE
    assert np.array_equal(heard[:, :length], written[:, :length])
    assert sum(played) >= 0.6 * RATE
    assert machine.snapshot().missing == 0


def test_a_lost_device_is_said(instrument: Instrument) -> None:
    renderer = instrument.renderer
    machine = make_machine(load_config(), renderer)
    output = Recorder(machine, lost_after=40)
    with (
        Lookahead(machine, renderer, instrument.library.latent, plan()) as ahead,
        pytest.raises(DeviceError, match="recorder is lost"),
    ):
        perform_live(machine, output, ahead, frames_of(EVENTS, RATE), lambda _: None)
    output.close()
