"""Ending what a source of MIDI was holding that has gone."""

from collections.abc import Iterable

from gansynth_live.kernel.layout import LET_GO
from gansynth_live.kernel.machine import NOW, Machine


def release(machine: Machine, channels: Iterable[int]) -> bool:
    """Let go of all keys and pedals of `channels` (0..15); False if the queue could not take it."""
    return all(machine.send(NOW, LET_GO, channel + 1) for channel in sorted(channels))
