"""A small real machine, something to play on it, and its output."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.layout import FREE
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.settings import NO_VIBRATO, Settings, Vibrato

RATE = 48000
ROOT = 60
NOTE_OFF, NOTE_ON, KEY_PRESSURE, CONTROL, PROGRAM, PRESSURE, BEND = range(0x80, 0xF0, 0x10)


def small_machine(
    slots: int = 2, frames: int = 12000, rate: int = RATE, **set_up: float | tuple[int, ...]
) -> Machine:
    """A machine with `slots` slots of `frames` samples and, unless told, 8 voices at full gain.

    Args:
        slots: buffers for renders.
        frames: length of each, samples.
        rate: sample rate, Hz.
        **set_up: fields of `Settings` that matter to a test.
    """
    plain = {"velocity_curve": 1.0, "velocity_brightness": 0.0, "pressure_brightness": 0.0}
    values: dict[str, float | tuple[int, ...]] = {"polyphony": 8, **plain, **set_up}
    settings = Settings(**values)  # type: ignore[arg-type]
    return Machine(rate, settings, slots, frames / rate)


def load(
    machine: Machine,
    samples: NDArray[np.float32],
    slot: int = 0,
    gain: float = 1.0,
    vibrato: Vibrato = NO_VIBRATO,
) -> None:
    """Give every key a whole render, which holds `ROOT`."""
    machine.begin_slot(slot, vibrato)
    machine.fill(slot, samples)
    machine.finish(slot)
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
    machine.fill(0, samples)
    machine.finish(0)
    return machine.samples(0)


def used_voices(machine: Machine) -> int:
    """Voices that are not free: sounding, waiting or starved."""
    return int(np.count_nonzero(machine.memory.voices["stage"] != FREE))


def stages(machine: Machine, key: int) -> list[int]:
    """Stages of the voices of a key, oldest first."""
    voices = machine.memory.voices
    mine = voices[(voices["stage"] != FREE) & (voices["key"] == key)]
    return [int(stage) for stage in mine[np.argsort(mine["born"], kind="stable")]["stage"]]
