"""How near two signals are."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def snr(signal: NDArray[Any], reference: NDArray[Any]) -> float:
    """Signal-to-noise ratio in dB over all elements."""
    wanted = reference.astype(np.float64)
    error = signal.astype(np.float64) - wanted
    return float(10 * np.log10(np.square(wanted).sum() / np.square(error).sum()))
