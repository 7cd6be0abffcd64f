"""The transform of frames whose partials meet in phase: peaks, their lobes, and noise beside them.

A steady partial has one shape in every frame: the kernel of the Hann window, two bins to either
side, each bin turned by half a turn against the next. Any other shape is another envelope over the
frame, and what is not Hann's ripples at the frame rate once frames are added up. Mel-IF data show a
partial wider than it is, so its lobe is drawn anew: all its power in the kernel, at the frequency
that its phase advance tells. What its lobe holds beside that is noise, as between partials.
"""

from math import cos, pi, sin, sqrt

import numpy as np
from numba import complex64, float32, float64, int32, int64
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_entry
from gansynth_live.model.audio.spectra import BLUR_REACH

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]
Noise = NDArray[np.complex64]

REACH = 2  # a peak is not lower than so many bins on either side
LOBE = 4  # bins on either side that move with a partial in an onset
CLEAR = 5  # bins on either side that hold no sound but a partial's own
BESIDE = 3.0  # and noise no farther from it than so many
PROMINENCE = 2.0  # what stands less far out of the lowest bins of its lobe is no partial, but noise
BLURRED = 2.0  # times what a partial's own blur puts there is power beside it
NOISE, AS_SHOWN = 0.0, -1.0  # in the place of a partial's frequency: none, and a lobe of an onset


@compiled_entry(
    *3 * [float32[:, ::1]],
    float32[::1],
    complex64[:, ::1],
    float64,
    *2 * [int64],
    float64[::1],
    complex64[:, ::1],
    int32[::1],
    *2 * [float64[::1]],
)
def lock_phases(
    magnitude: Floats,
    turn: Floats,
    spread: Floats,
    wrap: Floats,
    noise: Noise,
    bins_a_turn: float,
    first: int,
    settled: int,
    phases: NDArray[np.float64],
    spectra: Noise,
    peaks: Indices,
    places: NDArray[np.float64],
    advanced: NDArray[np.float64],
) -> None:
    """Transform of one note's frames, into `spectra` complex64 [frames, bins + 1], DC to Nyquist.

    Args:
        magnitude, turn, spread, wrap: see `Spectra` and `Blur`; frames `first`, ... of a note.
        noise: unit numbers [frames before they begin again, bins].
        bins_a_turn: bins between frequencies whose phases advance by pi more.
        settled: the first frame of the note that is no onset. In an onset a lobe keeps its shape:
            frames that hold only the end of their window are wider, as the image shows.
        phases: [bins], in units of pi, what the frame before left; is advanced.
        peaks, places, advanced: room to work in, [bins].
    """
    for frame in range(len(magnitude)):
        levels, turns = magnitude[frame], turn[frame]
        count = find_peaks(levels, peaks)
        for i in range(count):
            peak, step = peaks[i], float(turns[peaks[i]])
            places[i] = NOISE
            if stands_out(levels, peak):
                places[i] = AS_SHOWN
                if first + frame >= settled:
                    low, high = around(peaks[:count], i, len(levels), CLEAR)
                    off = float(wrap[peak]) if len(wrap) > 0 else 0.0
                    places[i] = frequency(levels, low, high, step, off, bins_a_turn)
                    step = places[i] / bins_a_turn
            phase = phases[peak] + step
            advanced[i] = phase - 2.0 * np.floor(0.5 * phase + 0.5)
        row = noise[(first + frame) % len(noise)]
        spread_peaks(levels, spread, peaks[:count], places, advanced, row, phases, spectra[frame])


@compiled
def find_peaks(magnitude: Floats, peaks: Indices) -> int:
    """Indices of bins that are not lower than any within reach, into `peaks`; returns how many."""
    count = 0
    for j in range(len(magnitude)):
        is_peak = True
        for other in range(max(j - REACH, 0), min(j + REACH + 1, len(magnitude))):
            is_peak = is_peak and magnitude[j] >= magnitude[other]
        if is_peak:
            peaks[count] = j
            count += 1
    return count


@compiled
def around(peaks: Indices, i: int, bins: int, reach: int) -> tuple[int, int]:
    """Bins [low, high) within `reach` of peak `i` that are nearest to it (the lower one of two)."""
    first, stop = 0, bins
    if i > 0:
        first = (peaks[i - 1] + peaks[i]) // 2 + 1
    if i + 1 < len(peaks):
        stop = (peaks[i] + peaks[i + 1]) // 2 + 1
    return max(first, peaks[i] - reach), min(stop, peaks[i] + reach + 1)


@compiled
def spread_peaks(
    magnitude: Floats,
    spread: Floats,
    peaks: Indices,
    places: NDArray[np.float64],
    advanced: NDArray[np.float64],
    noise: Noise,
    phases: NDArray[np.float64],
    spectrum: Noise,
) -> None:
    """Give each bin the phase of its nearest peak, turned by pi a bin.

    Bins out of the reach of a partial sound with the phase of noise.
    """
    bins = len(magnitude)
    spectrum[:] = 0.0
    for i in range(len(peaks)):
        peak = peaks[i]
        first, stop = around(peaks, i, bins, bins)
        for j in range(first, stop):
            phases[j] = advanced[i] + ((peak - j) & 1)
            spectrum[j + 1] = magnitude[j] * noise[j]
        across, along = cos(pi * advanced[i]), sin(pi * advanced[i])
        if places[i] > 0.0:
            low, high = around(peaks, i, bins, CLEAR)
            sign = -1.0 if (peak + 1) & 1 else 1.0
            line = complex(sign * across, sign * along)
            draw_kernel(magnitude, spread, low, high, places[i], line, noise, spectrum)
        elif places[i] == AS_SHOWN:
            low, high = around(peaks, i, bins, LOBE)
            for j in range(low, high):
                level = -magnitude[j] if (peak - j) & 1 else magnitude[j]
                spectrum[j + 1] = complex(level * across, level * along)


@compiled
def stands_out(magnitude: Floats, peak: int) -> bool:
    """Whether a peak rises out of both sides of its lobe."""
    below, above = magnitude[peak], magnitude[peak]
    for j in range(max(peak - LOBE, 0), peak):
        below = min(below, magnitude[j])
    for j in range(peak + 1, min(peak + LOBE + 1, len(magnitude))):
        above = min(above, magnitude[j])
    return bool(magnitude[peak] > PROMINENCE * max(below, above))


@compiled
def frequency(
    magnitude: Floats, low: int, high: int, turn: float, wrap: float, bins_a_turn: float
) -> float:
    """FFT bin, not whole, of the partial whose lobe are bins [low, high).

    Its phase advance `turn` tells it but for whole turns, and for `wrap` (see `Blur`): of all that
    it may mean, the nearest to where the power lies is taken.
    """
    power, moment = 0.0, 0.0
    for j in range(low, high):
        here = magnitude[j] * magnitude[j]
        power += here
        moment += here * (j + 1)
    middle, period = moment / power, 2.0 * bins_a_turn
    nearest = 0.0
    for way in range(-1, 2):
        meant = turn + 2.0 * wrap * way
        if way == 0 or (wrap > 0.0 and abs(meant) <= 1.0):
            place = bins_a_turn * meant
            place += period * np.floor((middle - place) / period + 0.5)
            if way == -1 or abs(place - middle) < abs(nearest - middle):
                nearest = place
    return float(max(nearest, 1.0))


@compiled
def draw_kernel(
    magnitude: Floats,
    spread: Floats,
    low: int,
    high: int,
    place: float,
    line: complex,
    noise: Noise,
    spectrum: Noise,
) -> None:
    """A partial at FFT bin `place` with all the power of bins [low, high), and noise beside it.

    `line` is its phase at bin 0 as a unit number.
    """
    base = int(np.floor(place))
    first = base - 2  # of the four bins that the kernel reaches
    kernel = hann_kernel(place - base)
    power, drawn = 0.0, 0.0
    for j in range(low, high):
        power += magnitude[j] * magnitude[j]
        if 0 <= j - first < 4:
            drawn += kernel[j - first] ** 2
    scale = sqrt(power / drawn) if drawn > 0.0 else 0.0
    for j in range(low, high):
        if 0 <= j - first < 4:
            level = -scale * kernel[j - first] if (j + 1) & 1 else scale * kernel[j - first]
            spectrum[j + 1] = complex(level * line.real, level * line.imag)
        elif abs(j + 1 - place) >= BESIDE:
            spectrum[j + 1] = 0.0
        else:
            seen = 0.0
            for i in range(4 if len(spread) > 0 else 0):
                column = first + i - j + BLUR_REACH
                if 0 <= column < spread.shape[1]:
                    seen += spread[j, column] * (scale * kernel[i]) ** 2
            beside = magnitude[j] * magnitude[j] - BLURRED * seen
            spectrum[j + 1] = sqrt(max(beside, 0.0)) * noise[j]


@compiled
def hann_kernel(past: float) -> tuple[float, float, float, float]:
    """Transform of the Hann window at the four bins around a partial, `past` (0..1) the second."""
    if past < 1e-4:
        return 0.5, 1.0, 0.5, 0.0
    if past > 1.0 - 1e-4:
        return 0.0, 0.5, 1.0, 0.5
    wave = sin(pi * past) / pi
    before, here, after, last = -1.0 - past, -past, 1.0 - past, 2.0 - past
    return (
        wave / (before * (1.0 - before * before)),
        -wave / (here * (1.0 - here * here)),
        wave / (after * (1.0 - after * after)),
        -wave / (last * (1.0 - last * last)),
    )
