"""Constants of each pitch: where its harmonics lie among the mel bins, and their frequencies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.mel import linear_to_mel
from gansynth_live.model.spec import ModelSpec
from gansynth_live.units import key_to_hz

LOBE_HERTZ = 12.0  # half width of the mask that marks a harmonic's surroundings
UNHEARD = 1e-9  # a mel band of less weight has no centre of its own


@dataclass(frozen=True)
class PitchTables:
    """Tables over pitches and mel bins.

    Attributes:
        coordinates: float32 [pitches, 6, mel_bins]: cos and sin of the position between harmonics,
            closeness to the nearest one, cos and sin of `frequency`, log of the harmonic number.
        frequency: float32 [pitches, mel_bins], instantaneous frequency of a perfect harmonic after
            the mel weighting, in units of pi a frame.
        harmonic: int64 [pitches, mel_bins], number of the nearest harmonic from 0; `partials` where
            it is higher than those with a level of their own.
    """

    coordinates: NDArray[np.float32]
    frequency: NDArray[np.float32]
    harmonic: NDArray[np.int64]


def pitch_tables(spec: ModelSpec, partials: int) -> PitchTables:
    """Tables of the pitches that `spec` covers."""
    stft = spec.stft
    bands = linear_to_mel(stft.bins, spec.mel_bins, spec.sample_rate)
    bins = (np.arange(stft.bins) + 1) * spec.sample_rate / stft.fft_size
    weight = np.asarray(bands.sum(axis=0))
    centres = np.where(weight < UNHEARD, bins[0], (bins @ bands) / np.maximum(weight, UNHEARD))
    fundamentals = np.array(
        [key_to_hz(pitch) for pitch in range(spec.low_pitch, spec.high_pitch + 1)]
    )[:, None]
    nearest = np.maximum(1, np.round(bins / fundamentals))
    turns = wrap_half_turns(2 * nearest * fundamentals * stft.hop / spec.sample_rate)
    frequency = wrap_half_turns(turns @ bands)
    number = centres / fundamentals
    distance = (number - np.maximum(1, np.round(number))) * fundamentals
    coordinates = np.stack(
        [
            np.cos(2 * np.pi * number),
            np.sin(2 * np.pi * number),
            np.exp(-0.5 * np.square(distance / LOBE_HERTZ)),
            np.cos(np.pi * frequency),
            np.sin(np.pi * frequency),
            np.log2(np.clip(number, 0.25, 128)) / 4,
        ],
        axis=1,
    )
    harmonic = np.clip(np.round(number), 1, partials + 1).astype(np.int64) - 1
    return PitchTables(coordinates.astype(np.float32), frequency.astype(np.float32), harmonic)


def wrap_half_turns(turns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Angles in units of pi, brought into [-1, 1)."""
    wrapped: NDArray[np.float64] = np.mod(turns + 1, 2) - 1
    return wrapped
