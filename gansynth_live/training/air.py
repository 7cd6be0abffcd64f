"""Fit the net that tells what notes have above 8 kHz (`model/air`) to notes of a soundfont.

A note at 48 kHz shows what it has up to 20 kHz; decimated to 16 kHz and turned into an image, it
shows what the model's frames tell. Each frame is an example.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from gansynth_live.model.air.bands import BIN, HIGH_BANDS, HIGH_EDGES, INPUTS, SILENCE, described
from gansynth_live.model.air.net import HIDDEN, LEAK, MIDDLE, SHAPES, STEP, AirNet
from gansynth_live.model.audio.mel import linear_to_mel
from gansynth_live.model.audio.spectra import Spectra, UnfoldedMel
from gansynth_live.training import melif
from gansynth_live.training.instruments import Collection, preset_key
from gansynth_live.training.levels import level_gain
from gansynth_live.training.notes import HIGH_PITCH, LOW_PITCH
from gansynth_live.training.soundfont import DECIMATION, SoundFont, decimate, decimation_lift

EVERY = 3  # keys between two that are rendered
HEARD_DB = 55.0  # of a frame below the loudest of its note, down to which it counts
DEEPEST_DB = 90.0  # below the loudest frame: as deep as a level has to be told
FLOOR_DB = 60.0  # below it: air that is audible, in what is measured
LOUD_DB = 30.0
IMAGES, BATCH, RATE = 6, 512, 3e-3  # times that each frame is seen

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Examples:
    """Frames of a note, or of many.

    Attributes:
        inputs: [n, 53] as `described`.
        whole: [n] level of each frame, dB.
        high: [n, 16] levels of the bands above 8 kHz, dB, at most 90 dB below `peak`.
        peak: [n] level of the loudest frame of its note, dB.
    """

    inputs: Floats
    whole: Floats
    high: Floats
    peak: Floats

    @staticmethod
    def of(parts: Sequence["Examples"]) -> "Examples":
        """All of them together."""
        names = ("inputs", "whole", "high", "peak")
        return Examples(*(np.concatenate([getattr(part, n) for part in parts]) for n in names))


class Ear:
    """Hears what air notes have, as the model's frames show it and as it is."""

    def __init__(self) -> None:
        self._unfold = UnfoldedMel(melif.BINS, melif.BINS, melif.SAMPLE_RATE, decimation_lift())
        self._to_mel = linear_to_mel(melif.BINS, melif.BINS, melif.SAMPLE_RATE)
        hertz = np.arange(1, DECIMATION * melif.BINS + 1) * BIN
        edges = pairwise(HIGH_EDGES)
        self._bands = np.stack([(hertz >= low) & (hertz < high) for low, high in edges], axis=1)

    def spectra(self, wave: NDArray[np.floating]) -> Spectra:
        """Frames of a note [64000] at 16 kHz: magnitudes as its image shows them, no phases.

        What its decimation took is given back.
        """
        spectrum = melif.spectrogram(torch.from_numpy(wave.astype(np.float32))[None])[0]
        power = np.square(np.abs(spectrum.numpy())) @ self._to_mel
        frames = np.zeros((*power.shape, 2), np.float32)
        frames[..., 0] = np.log(power + melif.EPSILON)
        return self._unfold(frames)

    def high_levels(self, wave: NDArray[np.floating]) -> Floats:
        """Levels in dB of the bands above 8 kHz of a note [192000] at 48 kHz: [128, 16]."""
        size, hop = DECIMATION * melif.FFT_SIZE, DECIMATION * melif.HOP
        padded = np.pad(wave.astype(np.float32), (DECIMATION * melif.PAD, 0))
        frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
        window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)
        spectrum = np.fft.rfft(frames * window)[:, 1:] / DECIMATION
        power = np.square(np.abs(spectrum)) @ self._bands
        return np.asarray(10 * np.log10(power + SILENCE), np.float32)

    def examples(self, wave: NDArray[np.floating], pitch: int) -> Examples:
        """The frames of a levelled note [192000] at 48 kHz."""
        inputs, whole = described(self.spectra(decimate(wave)), pitch)
        peak = np.full_like(whole, whole.max())
        high = np.maximum(self.high_levels(wave), peak[:, None] - DEEPEST_DB)
        return Examples(inputs, whole, high, peak)


def examples_of(
    collection: Collection,
    font: Path,
    tuning: dict[str, list[float]],
    progress: Callable[[], None],
) -> Iterator[tuple[int, int, Examples]]:
    """(instrument, pitch, frames) of every third key of each instrument of a soundfont.

    Raises:
        UsageError: libfluidsynth, the font or one of its presets is missing.
    """
    synth, ear = SoundFont(font), Ear()
    for number, instrument in enumerate(collection.instruments):
        preset = instrument.preset
        cents = tuning.get(preset_key(preset), [0.0] * (HIGH_PITCH - LOW_PITCH + 1))
        for key in range(LOW_PITCH + preset.number % EVERY, HIGH_PITCH + 1, EVERY):
            added = cents[key - LOW_PITCH]
            wave = synth.wide_note(preset.bank, preset.program, key, collection.velocity, added)
            yield number, key, ear.examples(wave * level_gain(decimate(wave)), key)
        progress()


class _Layers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        sizes = (INPUTS, HIDDEN, HIDDEN, HIGH_BANDS)
        self.layers = [nn.Linear(*pair) for pair in pairwise(sizes)]
        self.all = nn.ModuleList(self.layers)

    def forward(self, x: Tensor) -> Tensor:
        """Scaled levels [n, 16] of inputs [n, 53]."""
        *hidden, last = self.layers
        for layer in hidden:
            x = functional.leaky_relu(layer(x), float(LEAK))
        levels: Tensor = last(x)
        return levels

    def net(self) -> AirNet:
        """As it is kept: rounded to half precision."""
        tensors = [t for layer in self.layers for t in (layer.weight.T, layer.bias)]
        halves = [tensor.detach().half().float().contiguous().numpy() for tensor in tensors]
        return AirNet(**dict(zip(SHAPES, halves, strict=True)))


def fit_air(examples: Examples, progress: Callable[[float], None], seed: int = 0) -> AirNet:
    """The net that tells the high bands of these frames best: loud frames and bands count most."""
    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    below = examples.peak - examples.whole
    heard = np.clip(1 - below / HEARD_DB, 0, 1)
    use = heard > 0.05
    wanted = (examples.high - examples.whole[:, None] - MIDDLE) / STEP
    clear = 0.25 + np.clip((examples.high - examples.peak[:, None] + 85) / 30, 0, 1)
    inputs, goals, weights = (
        torch.from_numpy(values[use].astype(np.float32))
        for values in (examples.inputs, wanted, heard[:, None] * clear)
    )
    layers = _Layers()
    adam = torch.optim.Adam(layers.parameters(), betas=(0.9, 0.98))
    steps = IMAGES * len(inputs) // BATCH
    for step in range(steps):
        rate = RATE * min(1.0, step / 100) * 0.5 * (1 + np.cos(np.pi * step / steps))
        adam.param_groups[0]["lr"] = rate
        batch = torch.from_numpy(generator.integers(0, len(inputs), BATCH))
        loss = functional.smooth_l1_loss(
            layers(inputs[batch]), goals[batch], beta=0.1, reduction="none"
        )
        adam.zero_grad()
        (loss * weights[batch]).mean().backward()  # type: ignore[no-untyped-call]
        adam.step()
        progress(1 / steps)
    return layers.net()


def level_errors(net: AirNet, examples: Examples) -> tuple[float, float]:
    """Mean error in dB over all bands of loud frames, and over those that are audible."""
    levels = net.told(examples.inputs, examples.whole)
    floor = (examples.peak - FLOOR_DB)[:, None]
    error = np.abs(np.maximum(levels, floor) - np.maximum(examples.high, floor))
    loud = np.broadcast_to((examples.whole > examples.peak - LOUD_DB)[:, None], error.shape)
    return float(error[loud].mean()), float(error[loud & (examples.high > floor)].mean())
