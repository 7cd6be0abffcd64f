"""The decoder's constants of each pitch, as its ONNX graph has them, and its combs."""

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.harmonic.tables import pitch_tables
from gansynth_live.model.normaliser import Constants
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.spec import ModelSpec
from gansynth_live.training import melif
from gansynth_live.training.notes import HIGH_PITCH, LOW_PITCH
from gansynth_live.units import key_to_hz

PARTIALS = 96
UP = (8, 4)
COMB_FLOOR = -14.0  # ln power
COMB_FRAMES = 48  # over which the beating of neighbouring harmonics is averaged
COMB_LEVEL = 0.01
NEIGHBOURS = 60  # bins on each side among which the comb's peak is 0
HIGHEST_HERTZ = 7990.0


def describe(name: str, licence: str, latent: int, family: Harmonic | Progressive) -> ModelSpec:
    """Description of a model that was trained here."""
    return ModelSpec(
        name=name,
        licence=licence,
        sample_rate=melif.SAMPLE_RATE,
        latent_size=latent,
        low_pitch=LOW_PITCH,
        high_pitch=HIGH_PITCH,
        mel_bins=melif.BINS,
        stft=Stft(melif.FFT_SIZE, melif.HOP, melif.FRAMES, melif.SAMPLES),
        normaliser=Constants(melif.POWER_SCALE, melif.POWER_OFFSET, melif.TURN_SCALE, 0.0),
        family=family,
    )


@cache
def decoder_tables() -> dict[str, NDArray[np.generic]]:
    """Tables that `HarmonicDecoder` takes."""
    tables = pitch_tables(
        describe("tables", "none", 1, Harmonic((1, 1, 1, 1), UP, PARTIALS)), PARTIALS
    )
    pitches, rows, bins = tables.coordinates.shape
    across = UP[1]
    coords = tables.coordinates.reshape(pitches, rows, bins // across, across)
    coords = coords.transpose(0, 1, 3, 2).reshape(pitches, rows * across, 1, bins // across)
    return {
        "perfect_if": tables.frequency,
        "coords": np.ascontiguousarray(coords),
        "harmonic": tables.harmonic,
        "combs": combs(),
    }


def combs() -> NDArray[np.float32]:
    """Ln mel power of equal harmonics at each pitch, and of the odd ones an octave below.

    Returns:
        float32 [61, 2, 1024], 0 at the peaks, at least -14.
    """
    generator = np.random.default_rng(0)
    rows = []
    for pitch in range(LOW_PITCH, HIGH_PITCH + 1):
        hertz = key_to_hz(pitch)
        rows.append([_comb(generator, hertz, 1), _comb(generator, hertz / 2, 2)])
    return np.array(rows, np.float32)


def _comb(generator: np.random.Generator, hertz: float, step: int) -> NDArray[np.float32]:
    """Log power of the harmonics 1, 1 + step, ... of `hertz`, all equally loud: [1024]."""
    samples = np.arange(melif.FFT_SIZE + melif.HOP * (COMB_FRAMES - 1))
    turn = np.exp(2j * np.pi * hertz / melif.SAMPLE_RATE * samples)
    stride, harmonic, wave = turn**step, turn, np.zeros(len(samples))
    for _ in range(1, int(HIGHEST_HERTZ / hertz) + 1, step):
        wave += (harmonic * np.exp(2j * np.pi * generator.random())).real
        harmonic = harmonic * stride
    spectrum = melif.steady_spectrogram(torch.from_numpy(COMB_LEVEL * wave[None]).float())
    power = (spectrum[0].abs() + melif.EPSILON).square() @ melif.mel_matrices()[0].float()
    level = torch.log((power + melif.EPSILON).mean(0))[None, None]
    peak = functional.max_pool1d(level, 2 * NEIGHBOURS + 1, 1, NEIGHBOURS)
    comb: NDArray[np.float32] = (level - peak).clamp(COMB_FLOOR, 0)[0, 0].numpy()
    return comb
