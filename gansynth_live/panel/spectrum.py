"""What sounds, as 24 bands an octave: how loud each is, and how far its partial is out of tune."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.panel import wire

BANDS, PER_OCTAVE, LOWEST = 192, 24, 32.703  # Hz: C1
WIDE, NARROW, CROSSING = 4096, 16_384, 500.0  # samples of a look above, and below, so many Hz
NOMINAL = 48_000  # Hz, at which the looks are so long
FLOOR_DB, STEP_DB = -100.0, 0.4
STEP_CENTS = 0.2
CENTS = 1200.0


class Spectrum:
    """For one sample rate.

    Attributes:
        rate: Hz.
        frames: of the output that a look needs.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        scale = 2 ** round(np.log2(rate / NOMINAL)) if rate > NOMINAL // 2 else 0.5
        sizes = [int(size * scale) for size in (WIDE, NARROW)]
        self.frames = sizes[1]
        self._centres = LOWEST * 2.0 ** (np.arange(BANDS) / PER_OCTAVE)
        above = self._centres > CROSSING
        self._looks = [
            _Look(size, rate, self._centres[chosen], chosen)
            for size, chosen in zip(sizes, (above, ~above), strict=True)
        ]

    def frame(self, heard: NDArray[np.float32]) -> bytes:
        """A frame for the wire, from the last `frames` samples."""
        levels, cents = np.zeros(BANDS), np.zeros(BANDS)
        for look in self._looks:
            power, frequency = look.strongest(heard[-look.size :])
            levels[look.chosen] = 10.0 * np.log10(power + 1e-12)
            cents[look.chosen] = CENTS * np.log2(frequency / self._centres[look.chosen])
        loud = np.clip(np.round((levels - FLOOR_DB) / STEP_DB), 0, 255).astype(np.uint8)
        tuned = np.clip(np.round(cents / STEP_CENTS), -128, 127).astype(np.int8)
        return wire.spectrum(loud.tobytes(), tuned.tobytes())


class _Look:
    """Some of the bands, by one length of window."""

    def __init__(
        self, size: int, rate: int, centres: NDArray[np.float64], chosen: NDArray[np.bool_]
    ) -> None:
        self.size, self.chosen = size, chosen
        window = np.hanning(size + 1)[:-1]
        self._window = (2.0 * window / window.sum()).astype(np.float32)
        self._hz = rate / size
        half = 2.0 ** (0.5 / PER_OCTAVE)
        low = np.clip(np.round(centres / half / self._hz), 1, size // 2 - 2)
        high = np.clip(np.round(centres * half / self._hz), low + 1, size // 2 - 1)
        widest = int((high - low).max())
        self._bins = np.minimum(low[:, None] + np.arange(widest), high[:, None] - 1).astype(int)

    def strongest(
        self, heard: NDArray[np.float32]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Power of each band's strongest bin, and the frequency of the partial there, Hz."""
        power = np.abs(np.fft.rfft(heard * self._window)) ** 2 + 1e-20
        bins = self._bins[np.arange(len(self._bins)), power[self._bins].argmax(axis=1)]
        below, here, above = (np.log(power[bins + step]) for step in (-1, 0, 1))
        curve = np.minimum(below - 2.0 * here + above, -1e-9)  # a parabola through three bins
        return power[bins], (bins + np.clip(0.5 * (below - above) / curve, -0.5, 0.5)) * self._hz
