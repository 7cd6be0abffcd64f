"""A constant-Q spectrum: bins evenly spaced in pitch, each as wide as its pitch is high.

Every bin is a Gaussian band cut out of one long Fourier transform (after Velasco et al.,
"Constructing an invertible constant-Q transform with non-stationary Gabor frames", DAFx 2011).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import ifft, next_fast_len, rfft

from gansynth_live.units import key_to_hz

BINS_A_KEY = 3
WIDTH = 0.02  # standard deviation of a band relative to its centre: a third of a semitone
REACH = 4.0  # standard deviations after which a band is cut off
SILENCE = 1.0  # seconds put after the end, so that it does not ring into the beginning


def constant_q(
    samples: NDArray[np.float32], sample_rate: int, hop: int, lowest_key: int, highest_key: int
) -> NDArray[np.complex64]:
    """Analytic signals [bins, columns] of mono `samples` [frames], one column each `hop` frames.

    A sine of amplitude 1 has magnitude 1 in the bin of its pitch; bins are a third of a semitone
    apart, from `lowest_key` on.
    """
    columns = max(-(-len(samples) // hop), 1)
    length = next_fast_len(columns + int(SILENCE * sample_rate) // hop)
    spectrum = rfft(samples.astype(np.float32), length * hop)
    hz_a_point = sample_rate / (length * hop)
    bins = (highest_key - lowest_key) * BINS_A_KEY + 1
    out = np.empty((bins, columns), np.complex64)
    for bin_number in range(bins):
        centre = key_to_hz(lowest_key + bin_number / BINS_A_KEY) / hz_a_point
        reach = REACH * WIDTH * centre
        points = np.arange(max(int(centre - reach), 1), min(int(centre + reach), len(spectrum) - 1))
        band = spectrum[points] * np.exp(-0.5 * ((points - centre) / (WIDTH * centre)) ** 2)
        # Only each hop-th sample is wanted: in the spectrum that folds the band on itself.
        folded = np.bincount(points % length, band.real, length) + 1j * np.bincount(
            points % length, band.imag, length
        )
        out[bin_number] = (2.0 / hop * ifft(folded))[:columns]
    return out
