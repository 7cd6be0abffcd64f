"""From the model's sample rate to the device's, while the note is still being made."""

import numpy as np
import soxr
from numpy.typing import NDArray


class StreamResampler:
    """Resample one note piece by piece (soxr, HQ); how it is cut does not change a bit."""

    def __init__(self, source_rate: int, device_rate: int) -> None:
        self._stream = (
            None
            if source_rate == device_rate
            else soxr.ResampleStream(source_rate, device_rate, 1, dtype="float32", quality="HQ")
        )

    def push(self, samples: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        """Take the next samples [n] at the source rate; return those [m] that became final."""
        if self._stream is None:
            return samples
        out: NDArray[np.float32] = self._stream.resample_chunk(samples, last=last)
        return out
