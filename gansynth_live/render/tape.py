"""A voice's audio at the model's rate, kept for what may have to continue from it."""

import numpy as np
from numpy.typing import NDArray


class Tape:
    """Samples of a note from number `first` on. One thread appends, any number read.

    Args:
        capacity: samples that it can take.
    """

    def __init__(self, first: int, capacity: int) -> None:
        self.first = first
        self.capacity = capacity
        self.stop = first  # moved after the samples are there
        self._samples = np.zeros(capacity, np.float32)

    def append(self, samples: NDArray[np.float32]) -> None:
        """Add samples [n]; what goes beyond the capacity is dropped."""
        place = self.stop - self.first
        room = self._samples[place : place + len(samples)]
        room[:] = samples[: len(room)]
        self.stop += len(room)

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Samples [start, stop) of the note; silence where there are none."""
        samples = np.zeros(stop - start, np.float32)
        low, high = max(start, self.first), min(stop, self.stop)
        if low < high:
            samples[low - start : high - start] = self._samples[
                low - self.first : high - self.first
            ]
        return samples
