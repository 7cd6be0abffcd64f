"""An instrument without a network: every key is rendered as a tone of its own pitch."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from gansynth_live.config import DRY
from gansynth_live.engine.process import process_block
from gansynth_live.kernel.machine import Machine
from gansynth_live.units import key_to_hz
from tests.e2e.take import Take

LOW, HIGH = 24, 96
SECONDS = 1.5


def tone_machine(sample_rate: int) -> Machine:
    """A machine whose keys LOW..HIGH sound, at once and for SECONDS."""
    machine = Machine(sample_rate, DRY, slots=HIGH - LOW + 1, slot_seconds=SECONDS)
    time = np.arange(machine.slots.frames) / sample_rate
    for slot, key in enumerate(range(LOW, HIGH + 1)):
        phase = 2 * np.pi * key_to_hz(key) * time
        tone = 0.15 * (np.cos(phase) + 0.5 * np.cos(2 * phase) + 0.25 * np.cos(3 * phase))
        machine.slots.fill(slot, tone.astype(np.float32))
        machine.slots.finish(slot)
        machine.publish(slot, root=key, low=key, high=key)
    return machine


def offline(take: Take, machine: Machine) -> NDArray[np.float32]:
    """What `machine` plays when it is given the messages of `take` in its blocks: [2, frames]."""
    first = int(take.starts[0])
    for frame, (status, data1, data2) in zip(take.sent_frames, take.sent_messages, strict=True):
        machine.send(int(frame) - first, int(status), int(data1), int(data2))
    return np.concatenate([process_block(machine, take.block) for _ in take.starts], axis=1)


def performance(sample_rate: int, seconds: float) -> list[tuple[int, list[int]]]:
    """(frame, message): dense notes, both pedals, pitch bend, volume and pan, ending in silence."""
    random = np.random.default_rng(3)
    events: list[tuple[int, list[int]]] = []
    end = int((seconds - 1.0) * sample_rate)
    for frame in sorted(random.integers(0, end, 40 * int(seconds))):
        key = int(random.integers(LOW, HIGH))
        length = int(random.integers(500, sample_rate // 2))
        events.append((int(frame), [0x90, key, int(random.integers(1, 128))]))
        events.append((min(int(frame) + length, end), [0x80, key, 0]))
    for control, highest in ((64, 127), (66, 127), (7, 127), (10, 127), (11, 127)):
        for frame in random.integers(0, end, 8):
            events.append((int(frame), [0xB0, control, int(random.integers(0, highest + 1))]))
    for frame in random.integers(0, end, 20):
        events.append((int(frame), [0xE0, *map(int, random.integers(0, 128, 2))]))
    events += [(end, [0xB0, control, 0]) for control in (64, 66)]
    return sorted(events)


def without_none(delays: Iterable[int | None]) -> list[int]:
    """The delays, having made sure that every note was heard."""
    heard = list(delays)
    assert None not in heard
    return [delay for delay in heard if delay is not None]
