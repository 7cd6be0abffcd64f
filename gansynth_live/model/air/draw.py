"""Air in the transform of a note's frames: noise, and partials at multiples of the pitch.

Nothing is remembered from frame to frame: noise has the phases of white noise for the frame's
number, and each partial the phase that its frequency has at the frame's first sample. So what is
cut, mixed or joined meets in phase by construction.
"""

from math import ceil, cos, pi, sin, sqrt

import numpy as np
from numba import complex64, float32, float64, int32, int64, types
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_entry
from gansynth_live.model.air.bands import BIN, FFT_SIZE, HIGH_EDGES
from gansynth_live.model.audio.lobes import hann_kernel

Floats = NDArray[np.float32]
Spectrum = NDArray[np.complex64]

LOWEST, TOP = FFT_SIZE // 2 + 1, int(HIGH_EDGES[-1] / BIN)  # FFT bins that hold noise, and the end
KERNEL_POWER = 1.5  # of a partial whose peak is 1, over its bins
UNHEARD = 1e-3  # amplitude of a bin, 90 dB and more below a note's partials
GOLDEN = 0.6180339887498949


def _between_bands() -> tuple[NDArray[np.int32], Floats]:
    """For each bin from LOWEST up to TOP the band below it, and how far it is to the next one."""
    middles = np.sqrt(HIGH_EDGES[:-1] * HIGH_EDGES[1:]) / BIN
    place = np.interp(np.arange(LOWEST, TOP + 1), middles, np.arange(len(middles)))
    below = np.minimum(place.astype(np.int32), len(middles) - 2)
    return below, (place - below).astype(np.float32)


BELOW, PAST = _between_bands()
BAND_BINS = (np.diff(HIGH_EDGES) / BIN).astype(np.float32)


def draw_air(
    levels: Floats,
    tonality: Floats,
    noise: Spectrum,
    amount: float,
    hertz: float,
    frame: int,
    sample: int,
    hop: int,
    rate: int,
    spectra: Spectrum,
) -> None:
    """Add air to the transform of frames `frame`, ... of a note.

    Args:
        levels: of the high bands, dB, float32 [frames, 16].
        tonality: share of the power that lies in partials, float32 [frames].
        noise: unit numbers [frames before they begin again, bins].
        amount: factor on its amplitude.
        hertz: pitch of the note.
        sample: of the note, at `rate` Hz, that the first frame begins at; `hop` more to the next.
        spectra: complex64 [frames, bins + 1] from DC on, at the model's scale.
    """
    bands = np.empty(levels.shape[1], np.float32)
    _draw(
        levels,
        tonality,
        noise,
        (BELOW, PAST, BAND_BINS),
        (float(amount), hertz / BIN, 2 * hertz / rate),
        (frame, sample, hop),
        bands,
        spectra,
    )


@compiled_entry(
    float32[:, ::1],
    float32[::1],
    complex64[:, ::1],
    types.Tuple((int32[::1], float32[::1], float32[::1])),
    types.UniTuple(float64, 3),
    types.UniTuple(int64, 3),
    float32[::1],
    complex64[:, ::1],
)
def _draw(
    levels: Floats,
    tonality: Floats,
    noise: Spectrum,
    tables: tuple[NDArray[np.int32], Floats, Floats],
    amounts: tuple[float, float, float],
    places: tuple[int, int, int],
    bands: Floats,
    spectra: Spectrum,
) -> None:
    below, past, band_bins = tables
    amount, spacing, turn = amounts
    frame, sample, hop = places
    for k in range(len(levels)):
        loudest = np.float32(0.0)
        for band in range(len(bands)):
            power = 10.0 ** (0.1 * levels[k, band]) / band_bins[band]
            bands[band] = amount * sqrt(power)
            loudest = max(loudest, bands[band])
        if loudest > UNHEARD:
            row = noise[(frame + k) % len(noise)]
            _draw_noise(bands, below, past, sqrt(1.0 - tonality[k]), row, spectra[k])
            height = sqrt(tonality[k] * spacing / KERNEL_POWER)
            start = sample + hop * k
            _draw_partials(bands, below, past, height, spacing, turn * start, spectra[k])


@compiled
def _draw_noise(
    bands: Floats,
    below: NDArray[np.int32],
    past: Floats,
    share: float,
    noise: Spectrum,
    spectrum: Spectrum,
) -> None:
    for i in range(len(below) - 1):
        level = bands[below[i]] + past[i] * (bands[below[i] + 1] - bands[below[i]])
        spectrum[LOWEST + i] = np.float32(share) * level * noise[LOWEST + i - 1]


@compiled
def _draw_partials(
    bands: Floats,
    below: NDArray[np.int32],
    past: Floats,
    height: float,
    spacing: float,
    turns: float,
    spectrum: Spectrum,
) -> None:
    """Partials `spacing` bins apart; the first of the pitch has turned by `turns` pi by now."""
    for number in range(ceil((LOWEST + 2) / spacing), int((TOP - 2) / spacing) + 1):
        place = number * spacing
        base = int(np.floor(place))
        i = base - LOWEST
        level = height * (bands[below[i]] + past[i] * (bands[below[i] + 1] - bands[below[i]]))
        if level > UNHEARD:
            # Phases that grow with the square of the number: no moment at which all peaks meet.
            phase = number * turns + 2.0 * GOLDEN * number * number
            phase += place
            phase -= 2.0 * np.floor(0.5 * phase)
            across, along = level * cos(pi * phase), level * sin(pi * phase)
            kernel = hann_kernel(place - base)
            for n in range(4):
                at = base - 1 + n
                sign = -kernel[n] if at & 1 else kernel[n]
                spectrum[at] += complex(sign * across, sign * along)
