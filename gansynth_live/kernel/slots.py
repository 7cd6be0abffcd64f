"""Renders into their slots: packed, and shown to the callback as far as they have come."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.crossing import store
from gansynth_live.kernel.layout import GUARD
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.packed import PACK, pack, unpacked
from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato

NOTHING = np.zeros(0, np.float32)


class Slots:
    """The buffers for renders. Each is filled by one thread at a time.

    Args:
        frames: length of each.
    """

    def __init__(self, memory: Memory, frames: int) -> None:
        self.frames = frames
        self._memory = memory
        self._rests = len(self) * [NOTHING]  # of each slot: samples that make no whole pack yet

    def __len__(self) -> int:
        return len(self._memory.ready)

    def begin(self, slot: int, vibrato: Vibrato = NO_VIBRATO) -> None:
        """Empty an idle slot for a new render, whose voices will swing as `vibrato` says.

        What an older one left there stays: no voice reads as far as `ready`.
        """
        self._memory.vibrato[slot] = vibrato
        self._memory.complete[slot] = 0
        self._memory.ready[slot] = 0
        self._rests[slot] = NOTHING

    def fill(self, slot: int, samples: NDArray[np.float32]) -> None:
        """Add `samples` to a slot and show them to the callback.

        Only whole packs are shown: what is left over comes with the next samples, or at the end.
        """
        samples = np.concatenate([self._rests[slot], samples])
        whole = len(samples) // PACK * PACK
        self._rests[slot] = samples[whole:].copy()
        self._show(slot, samples[:whole])

    def finish(self, slot: int) -> None:
        """No more samples will come for this render."""
        self._show(slot, self._rests[slot])
        self._rests[slot] = NOTHING
        store(self._memory.complete, slot, 1)

    def samples(self, slot: int) -> NDArray[np.float32]:
        """What voices that play a slot read, [frames]."""
        packed, scales = self._packs(slot)
        return unpacked(packed, scales)[: self.frames]

    def _show(self, slot: int, samples: NDArray[np.float32]) -> None:
        ready = int(self._memory.ready[slot])
        samples = samples[: self.frames - ready]
        padded = np.pad(samples, (0, -len(samples) % PACK))
        packed, scales = self._packs(slot)
        first, stop = ready // PACK, (ready + len(padded)) // PACK
        pack(padded, packed[first * PACK : stop * PACK], scales[first:stop])
        store(self._memory.ready, slot, ready + len(samples))

    def _packs(self, slot: int) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
        """The packs of a slot without its guards, and their scales."""
        count = len(self._memory.scales) // len(self)
        first, stop = slot * count + GUARD // PACK, (slot + 1) * count - GUARD // PACK
        return self._memory.packed[first * PACK : stop * PACK], self._memory.scales[first:stop]
