"""Ending what a source of MIDI was holding that has gone."""

from collections.abc import Iterable

from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.midi.messages import CONTROL_CHANGE

SUSTAIN, SOSTENUTO, SOFT, ALL_NOTES_OFF = 64, 66, 67, 123


def release(machine: Machine, channels: Iterable[int]) -> bool:
    """Let go of all keys and pedals of `channels` (0..15); False if the queue could not take it."""
    return all(
        machine.send(NOW, CONTROL_CHANGE | channel, control, 0)
        for channel in sorted(channels)
        for control in (SUSTAIN, SOSTENUTO, SOFT, ALL_NOTES_OFF)
    )
