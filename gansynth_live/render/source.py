"""Where a voice's frames come from: the network, or a note that was rendered before."""

from math import exp
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.latent.sphere import Latent
from gansynth_live.model.audio.spectra import Spectra, UnfoldedMel, measured, transform
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.generator import NoteFrames
from gansynth_live.render.level import LOUDEST_SECONDS, gain_for
from gansynth_live.render.sustain import Trend, Zone, loudest_rms, trend
from gansynth_live.render.tape import Tape

Indices = NDArray[np.int64]


class Source(Protocol):
    """The frames of one timbre at one pitch."""

    @property
    def latent(self) -> Latent:
        """Of the timbre."""
        ...

    def spectra(self, places: Indices) -> Spectra:
        """Frames `places` [n], in any order."""
        ...


class Generated:
    """Frames that the network makes when they are asked for."""

    def __init__(self, latent: Latent, frames: NoteFrames, unfold: UnfoldedMel) -> None:
        self.latent = latent
        self._frames = frames
        self._unfold = unfold

    def spectra(self, places: Indices) -> Spectra:
        """See `Source`."""
        first, last = int(places.min()), int(places.max())
        window = self._unfold(self._frames.frames(first, last + 1)[0])
        return _chosen(window, places - first)


class Recorded:
    """Frames measured on the audio of a whole note: no network needed."""

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
