"""A small real machine, something to play on it, and its output."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.layout import FREE
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato
from gansynth_live.parameters.controllers import ControlMap, default_bindings
from gansynth_live.parameters.parameter import Value
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import PARAMETERS

RATE = 48000
ROOT = 60
NOTE_OFF, NOTE_ON, KEY_PRESSURE, CONTROL, PROGRAM, PRESSURE, BEND = range(0x80, 0xF0, 0x10)


def small_machine(
    slots: int = 2, frames: int = 12000, rate: int = RATE, **set_up: float | str | tuple[int, ...]
) -> Machine:
    """A machine with `slots` slots of `frames` samples and, unless told, 8 voices at full gain.

    Args:
        slots: buffers for renders.
        frames: length of each, samples.
        rate: sample rate, Hz.
        **set_up: parameters that matter to a test, by key or by the kernel's name.
    """
    plain = {"velocity_curve": 1.0, "velocity_brightness": 0.0, "pressure_brightness": 0.0}
    dry = {"spread": 0.0, "plate": 0.0}
    values: dict[str, float | str | tuple[int, ...]] = {"polyphony": 8, **plain, **dry, **set_up}
    pedals = {name: bool(values.pop(name, False)) for name in ("half_pedal", "invert_pedals")}
    controls = ControlMap(default_bindings(), **pedals)
    return Machine(rate, by_id(values), slots, frames / rate, controls=controls)


def by_id(values: Mapping[str, Value]) -> dict[str, Value]:
    """Parameters by id that are given by key or by the kernel's name."""
    rows = [each for each in PARAMETERS.values() if each.home not in (Home.PLACE, Home.CHANNEL)]
    ids = {name: each.id for each in rows for name in (each.key, each.kernel)}
    return {ids[name]: value for name, value in values.items()}


def load(
    machine: Machine,
    samples: NDArray[np.float32],
    slot: int = 0,
    gain: float = 1.0,
    vibrato: Vibrato = NO_VIBRATO,
) -> None:
    """Give every key a whole render, which holds `ROOT`."""
    machine.slots.begin(slot, vibrato)
    machine.slots.fill(slot, samples)
    machine.slots.finish(slot)
    assert machine.publish(slot, ROOT, 0, 127, gain)


def play(machine: Machine, frames: int, block: int = 256) -> NDArray[np.float32]:
    """The next `frames` frames, [2, frames], in blocks of `block`."""
    sizes = [min(block, frames - done) for done in range(0, frames, block)]
    return np.concatenate([process_block(machine, size) for size in sizes or [0]], axis=1)


def press(
    machine: Machine, key: int, velocity: int = 127, frame: int = NOW, channel: int = 0
) -> None:
    """Note on."""
    assert machine.send(frame, NOTE_ON | channel, key, velocity)


def lift(machine: Machine, key: int, frame: int = NOW, channel: int = 0) -> None:
    """Note off."""
    assert machine.send(frame, NOTE_OFF | channel, key)


def turn(machine: Machine, control: int, value: int, frame: int = NOW, channel: int = 0) -> None:
    """Control change."""
    assert machine.send(frame, CONTROL | channel, control, value)


def bend(machine: Machine, value: int, frame: int = NOW, channel: int = 0) -> None:
    """Pitch bend to `value`, -8192..8191."""
    assert machine.send(frame, BEND | channel, (value + 8192) & 127, (value + 8192) >> 7)


def sine(hz: float, frames: int, amplitude: float = 0.25) -> NDArray[np.float32]:
    """A sine at `RATE`."""
    wave: NDArray[np.float64] = amplitude * np.sin(2.0 * np.pi * hz / RATE * np.arange(frames))
    return wave.astype(np.float32)


def constant(frames: int, value: float = 0.25) -> NDArray[np.float32]:
    """A render whose output is the amplitude of its voice."""
    return np.full(frames, value, np.float32)


def kept(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a slot keeps of `samples`; keeping that loses nothing more."""
    machine = Machine(RATE, slots=1, slot_seconds=len(samples) / RATE)
    machine.slots.fill(0, samples)
    machine.slots.finish(0)
    return machine.slots.samples(0)


def used_voices(machine: Machine) -> int:
    """Voices that are not free: sounding, waiting or starved."""
    return int(np.count_nonzero(machine.memory.voices["stage"] != FREE))


def stages(machine: Machine, key: int) -> list[int]:
    """Stages of the voices of a key, oldest first."""
    voices = machine.memory.voices
    mine = voices[(voices["stage"] != FREE) & (voices["key"] == key)]
    return [int(stage) for stage in mine[np.argsort(mine["born"], kind="stable")]["stage"]]
