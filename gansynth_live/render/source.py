"""Where a voice's frames come from: the network, or a note that was rendered before."""

from math import exp
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.latent.sphere import Latent
from gansynth_live.model.audio.spectra import Spectra, UnfoldedMel, measured, transform
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.generator import Generator
from gansynth_live.render.level import LOUDEST_SECONDS, gain_for
from gansynth_live.render.sustain import Trend, Zone, loudest_rms, trend
from gansynth_live.render.tape import Tape

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


class Source(Protocol):
    """The frames of one timbre at one pitch.

    Attributes:
        grain: frames that are made together, from multiples of it on.
    """

    grain: int

    @property
    def latent(self) -> Latent:
        """Of the timbre."""
        ...

    def spectra(self, places: Indices) -> Spectra:
        """Frames `places` [n], in any order."""
        ...


class Generated:
    """Frames that the network makes when they are asked for."""

    def __init__(
        self, latent: Latent, pitch: int, generator: Generator, unfold: UnfoldedMel
    ) -> None:
        self.latent = latent
        self.grain = generator.grain
        self._count = generator.spec.frames
        self._frames = generator.begin(latent[np.newaxis], np.array([pitch]))
        self._unfold = unfold
        self._prepared: list[tuple[int, Floats]] = []  # first frame, frames

    def prepare(self, places: Indices) -> None:
        """Run the network for these frames, so that asking for them will cost next to nothing."""
        first = int(places.min()) // self.grain * self.grain
        stop = min(-(-(int(places.max()) + 1) // self.grain) * self.grain, self._count)
        self._prepared.append((first, self._frames.frames(first, stop)[0]))

    def spectra(self, places: Indices) -> Spectra:
        """See `Source`."""
        first, stop = int(places.min()), int(places.max()) + 1
        return _chosen(self._unfold(self._window(first, stop)), places - first)

    def _window(self, first: int, stop: int) -> Floats:
        for start, frames in self._prepared:
            if start <= first and stop <= start + len(frames):
                return frames[first - start : stop - start]
        made: Floats = self._frames.frames(first, stop)[0]
        return made


class Recorded:
    """Frames measured on the audio of a whole note: no network needed."""

    grain = 1

    def __init__(self, latent: Latent, tape: Tape, stft: Stft) -> None:
        self.latent = latent
        self._tape = tape
        self._stft = stft

    def spectra(self, places: Indices) -> Spectra:
        """See `Source`."""
        stft = self._stft
        first, last = int(places.min()), int(places.max())
        start = (first - 1) * stft.hop - stft.padding
        stop = last * stft.hop - stft.padding + stft.fft_size
        window = measured(transform(self._tape.read(start, stop), stft))
        return _chosen(window, places - first)


def trend_of(
    source: Source, zone: Zone, frame_seconds: float, *, closely: bool = False, lost: float = 0.0
) -> Trend:
    """The trend of a source's steady zone, and the gain that its loudest part calls for.

    Args:
        closely: look at the whole note, not only at its onset and both ends of its steady zone.
        lost: how far the sound of such frames is above what they say, ln amplitude.
    """
    if closely:
        whole = source.spectra(zone.whole).magnitude
        parts = [whole, *(whole[places - zone.heard] for places in (zone.early, zone.late))]
    else:
        times = zone.onset, zone.early, zone.late
        parts = [source.spectra(places).magnitude for places in times]
    _, early, late = parts
    frames = max(round(LOUDEST_SECONDS / frame_seconds), 1)
    gain = gain_for(exp(lost) * max(loudest_rms(part, frames) for part in parts))
    distance = float(zone.late.mean() - zone.early.mean())
    return trend(early, late, distance, frame_seconds, gain)


def _chosen(window: Spectra, places: Indices) -> Spectra:
    return Spectra(window.magnitude[places], window.turn[places])
