"""Mel matrices of the original, with its widened bands (gansynth-model, 5.1)."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

HERTZ_BREAK = 700.0
MEL_PER_NEPER = 1127.0


def hertz_to_mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mel number of each frequency in Hz."""
    mel: NDArray[np.float64] = MEL_PER_NEPER * np.log1p(hertz / HERTZ_BREAK)
    return mel


def mel_to_hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Frequency in Hz of each mel number."""
    hertz: NDArray[np.float64] = HERTZ_BREAK * np.expm1(mel / MEL_PER_NEPER)
    return hertz


def linear_frequencies(bins: int, sample_rate: int) -> NDArray[np.float64]:
    """Frequencies in Hz that the matrices give the linear bins: both ends included, [bins]."""
    return np.linspace(0.0, sample_rate / 2, bins)


def linear_to_mel(bins: int, mel_bins: int, sample_rate: int) -> csr_array:
    """Triangular bands, sparse float64 [bins, mel_bins]; the row of the lowest bin is zero."""
    lower, centre, upper = mel_to_hertz(_band_edges(bins, mel_bins, sample_rate))
    frequency = linear_frequencies(bins, sample_rate)[:, None]
    rising = (frequency - lower) / (centre - lower)
    falling = (upper - frequency) / (upper - centre)
    weight = np.maximum(0.0, np.minimum(rising, falling))
    weight[0] = 0.0
    return csr_array(weight)


def mel_to_linear(bins: int, mel_bins: int, sample_rate: int) -> csr_array:
    """Right-hand inverse of `linear_to_mel` up to smoothing, sparse float64 [mel_bins, bins]."""
    weight = linear_to_mel(bins, mel_bins, sample_rate)
    total = np.asarray((weight @ weight.T).sum(axis=0))
    known = np.abs(total) > 1e-8
    scale = np.where(known, 1.0 / np.where(known, total, 1.0), total)
    return csr_array(weight.T * scale[None, :])


def _band_edges(bins: int, mel_bins: int, sample_rate: int) -> NDArray[np.float64]:
    """Mel numbers of each band's lower edge, centre and upper edge, [3, mel_bins]."""
    nyquist = np.array([0.0, sample_rate / 2])
    low, high = hertz_to_mel(nyquist)
    edges = np.linspace(low, high, mel_bins + 2)
    narrowest = 1.5 * (sample_rate / 2) / bins
    for band in range(mel_bins):
        # One array serves as lower edges, centres and upper edges at once, as in the original:
        # widening a band moves the centres of its neighbours.
        width = mel_to_hertz(edges[band + 2]) - mel_to_hertz(edges[band])
        if width < narrowest:
            centre = edges[band + 1]
            reach = HERTZ_BREAK * np.exp(centre / MEL_PER_NEPER)
            half = MEL_PER_NEPER * np.arcsinh(0.5 * narrowest / reach)
            edges[band], edges[band + 2] = centre - half, centre + half
    return np.stack([edges[:-2], edges[1:-1], edges[2:]])
