"""A voice's audio at the inversion's rate, kept for what may have to continue from it."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.packed import pack, unpacked


class AudioHistory:
    """Samples of a note from number `first` on, packed. One thread appends, any number read.

    Sound is made in whole hops, so a hop is what shares a scale: how it is cut changes no bit.

    Args:
        capacity: samples that it can take.
        hop: samples.
        cut: a sample at which what is appended may end; a whole number of hops later is another.
    """

    def __init__(self, first: int, capacity: int, hop: int, cut: int) -> None:
        self.first = first
        self.capacity = capacity
        self.stop = first  # moved after the samples are there
        self._hop = hop
        self._origin = first - (first - cut) % hop
        hops = self._hops(first + capacity)
        self._packed = np.zeros(hops * hop, np.int16)
        self._scales = np.zeros(hops, np.float32)

    def append(self, samples: NDArray[np.float32]) -> None:
        """Add samples [n], up to a cut or the end; what goes beyond the capacity is dropped."""
        samples = samples[: self.first + self.capacity - self.stop]
        stop = self.stop + len(samples)
        low, high = (self.stop - self._origin) // self._hop, self._hops(stop)
        before = self.stop - self._origin - low * self._hop  # of the first sample, in its hop
        whole = np.zeros((high - low) * self._hop, np.float32)
        whole[before : before + len(samples)] = samples
        packed = self._packed[low * self._hop : high * self._hop]
        pack(whole, packed, self._scales[low:high])
        self.stop = stop

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Samples [start, stop) of the note; silence where there are none."""
        samples = np.zeros(stop - start, np.float32)
        first, last = max(start, self.first), min(stop, self.stop)
        if first < last:
            low, high = (first - self._origin) // self._hop, self._hops(last)
            packed = self._packed[low * self._hop : high * self._hop]
            kept = unpacked(packed, self._scales[low:high])
            begin = low * self._hop + self._origin
            samples[first - start : last - start] = kept[first - begin : last - begin]
        return samples

    def _hops(self, stop: int) -> int:
        """Hops up to sample `stop`, the last one perhaps in part."""
        return -(-(stop - self._origin) // self._hop)
