"""Where a voice's frames come from: a blend, or a note that was rendered before."""

from math import exp
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.latent.sphere import Latent
from gansynth_live.model.audio.locked import Change, LockedInversion, as_it_is
from gansynth_live.model.audio.spectra import Spectra, UnfoldedMel, measured
from gansynth_live.model.generator import Generator, NoteFrames
from gansynth_live.render.continuation.decay import Trend, loudest_rms, trend
from gansynth_live.render.continuation.zone import Zone
from gansynth_live.render.notes.history import AudioHistory
from gansynth_live.render.notes.level import LOUDEST_SECONDS, gain_for

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


class FrameSource(Protocol):
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


class BlendFrames:
    """Frames of a blend, which are made when they are asked for.

    Args:
        change: what is made of their spectra.
        frames: of the blend of `latent`, made by `generator` or mixed from what it made.
    """

    def __init__(
        self,
        latent: Latent,
        frames: NoteFrames,
        generator: Generator,
        unfold: UnfoldedMel,
        change: Change = as_it_is,
    ) -> None:
        self.latent = latent
        self.grain = generator.grain
        self._count = generator.spec.frames
        self._frames = frames
        self._unfold = unfold
        self._change = change
        self._prepared: list[tuple[int, Floats]] = []  # first frame, frames

    def prepare(self, places: Indices) -> None:
        """Have these frames made, so that asking for them will cost next to nothing."""
        first = int(places.min()) // self.grain * self.grain
        stop = min(-(-(int(places.max()) + 1) // self.grain) * self.grain, self._count)
        self._prepared.append((first, self._frames.frames(first, stop)[0]))

    def spectra(self, places: Indices) -> Spectra:
        """See `FrameSource`."""
        first, stop = int(places.min()), int(places.max()) + 1
        spectra = self._change(self._unfold(self._window(first, stop)), first)
        return _chosen(spectra, places - first)

    def _window(self, first: int, stop: int) -> Floats:
        for start, frames in self._prepared:
            if start <= first and stop <= start + len(frames):
                return frames[first - start : stop - start]
        made: Floats = self._frames.frames(first, stop)[0]
        return made


class MeasuredFrames:
    """Frames measured on the audio of a whole note: no network needed."""

    grain = 1

    def __init__(self, latent: Latent, tape: AudioHistory, inversion: LockedInversion) -> None:
        self.latent = latent
        self._tape = tape
        self._inversion = inversion

    def spectra(self, places: Indices) -> Spectra:
        """See `FrameSource`."""
        stft = self._inversion.stft
        first, last = int(places.min()), int(places.max())
        start = (first - 1) * stft.hop - stft.padding
        stop = last * stft.hop - stft.padding + stft.fft_size
        window = measured(self._inversion.transform(self._tape.read(start, stop)))
        return _chosen(window, places - first)


def trend_of(
    source: FrameSource,
    zone: Zone,
    frame_seconds: float,
    *,
    closely: bool = False,
    lost: float = 0.0,
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
    return Spectra(window.magnitude[places], window.turn[places], window.blur)
