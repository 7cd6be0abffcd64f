"""What is true of all samples that reach a slot: finite, and no denormals."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import ModelError

SMALLEST = np.finfo(np.float32).tiny  # denormals below it slow the mixing voices down


class NonFiniteSoundError(ModelError):
    """The model made NaN or Inf: the note is refused."""


def flush_denormals(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """`samples` with everything too small for a normal float32 set to 0."""
    return np.where(np.abs(samples) < SMALLEST, np.float32(0.0), samples)
