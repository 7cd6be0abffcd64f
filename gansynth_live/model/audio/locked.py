"""Phase-locked inversion: the bins of one partial move together.

In each frame the peaks of the linear magnitude are found; each peak's phase advances by the
instantaneous frequency there, and the bins around it take that phase, alternating by half a turn,
as the transform of a steady partial does. Neighbouring bins then cannot cancel, and errors of the
frequency away from peaks are not heard. How a partial is drawn so that frames add up without a
ripple, `lobes.py` says.

Between partials lies noise, which a common phase would turn into a click in the middle of every
frame, a buzz at the frame rate: bins that belong to no partial take the phases of white noise
instead, always the same ones for the same frame number.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from gansynth_live.model.audio.lobes import lock_phases
from gansynth_live.model.audio.overlap import OverlapAdd
from gansynth_live.model.audio.spectra import Spectra, UnfoldedMel, transform
from gansynth_live.model.audio.stft import Stft, first_sample, hann, synthesis_window

Floats = NDArray[np.float32]

ONSET = 0.5  # of a frame's length: what begins sooner after the note's start may hold its onset
FADE_SECONDS = 0.005  # the lobes' common phase lets a little sound start before the note
MOST_ONSET_GAIN = 4.0


# What is made of the spectra of frames from a number on, before they sound.
Change: TypeAlias = Callable[[Spectra, int], Spectra]


def as_it_is(spectra: Spectra, _first: int) -> Spectra:
    """No change."""
    return spectra


class HighBand(Protocol):
    """What a sound has above the model's frames, at a multiple of their sample rate."""

    @property
    def times(self) -> int:
        """The multiple."""
        ...

    @property
    def lift(self) -> Floats | None:
        """Gains of the model's bins that go with it, [bins]."""
        ...

    def draw(
        self,
        spectra: Spectra,
        pitch: int,
        noise: NDArray[np.complex64],
        frame: int,
        sample: int,
        hop: int,
        transform: NDArray[np.complex64],
    ) -> None:
        """Add it to the transform [frames, bins + 1] of a note's frames `frame`, ...

        Args:
            noise: unit numbers [frames before they begin again, bins].
            sample: of the note, that the first frame begins at; `hop` more to the next.
        """
        ...


class LockedInversion:
    """Turns mel-IF data of one model into audio. Its tables are shared by all its streams.

    Args:
        air: what is above the model's frames; None: nothing.

    Attributes:
        stft: of the audio, at `sample_rate`: the model's own, or with air a multiple of it.
    """

    def __init__(
        self, stft: Stft, mel_bins: int, sample_rate: int, air: HighBand | None = None
    ) -> None:
        self._times = 1 if air is None else air.times
        self._bins, self._air = stft.bins, air
        self.stft = stft.times(self._times)
        self.sample_rate = sample_rate * self._times
        lift = None if air is None else air.lift
        self.unfold = UnfoldedMel(stft.bins, mel_bins, sample_rate, lift)
        self.window = (synthesis_window(self.stft) * self._times).astype(np.float32)
        self.rustle = rustle(self.stft)
        self._settled = -(-(stft.padding + round(ONSET * stft.fft_size)) // stft.hop)
        self.onset = onset_gain(self.stft, round(FADE_SECONDS * self.sample_rate))

    def begin(
        self, pitches: Sequence[int], changes: Sequence[Change] | None = None
    ) -> "LockedStream":
        """Start notes of MIDI `pitches` that advance together, `changes` [notes] made to each."""
        return LockedStream(self, pitches, changes or [as_it_is] * len(pitches))

    def transform(self, audio: Floats) -> NDArray[np.complex64]:
        """Transform of all whole frames in `audio` [samples], as the model's: [frames, bins]."""
        return transform(audio, self.stft)[:, : self._bins] / np.float32(self._times)

    def waves(
        self, spectra: Spectra, phases: NDArray[np.float64], frame: int, sample: int, pitch: int
    ) -> Floats:
        """Frames `frame`, ... of one note ready to be overlap-added, float32 [frames, fft_size].

        Args:
            phases: [bins], in units of pi, what the frame before left; is advanced.
            sample: of the note, that the first of them begins at.
            pitch: of the note.
        """
        bins = self._bins
        locked = np.empty((len(spectra.magnitude), self.stft.bins + 1), np.complex64)
        lock_phases(
            spectra.magnitude,
            spectra.turn,
            *spectra.blur,
            self.rustle,
            self.stft.bins / self.stft.hop,
            frame,
            self._settled,
            phases,
            locked,
            np.empty(bins, np.int32),
            *np.empty((2, bins)),
        )
        if self._air is not None:
            hop = self.stft.hop
            self._air.draw(spectra, pitch, self.rustle, frame, sample, hop, locked)
        waves: Floats = fft.irfft(locked, self.stft.fft_size, axis=-1)
        waves *= self.window
        return waves


class LockedStream:
    """Audio of some notes whose frames arrive in order; how they are cut changes no bit."""

    def __init__(
        self, inversion: LockedInversion, pitches: Sequence[int], changes: Sequence[Change]
    ) -> None:
        self._inversion = inversion
        self._changes = changes
        self._pitches = pitches
        self._phases = np.zeros((len(pitches), inversion.unfold.bins))
        self._signal = OverlapAdd(inversion.stft, len(pitches))
        self._frame = 0
        self._heard = 0

    def push(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take frames [notes, k, mel_bins, 2]; return the samples that became final, [notes, m].

        The last frame of the note flushes everything. Frames that are not finite are silent.

        Raises:
            ModelError: more frames arrive than a note has.
        """
        inversion = self._inversion
        sample = first_sample(inversion.stft, self._frame)
        notes = zip(frames, self._changes, self._phases, self._pitches, strict=True)
        waves = []
        for note, change, phases, pitch in notes:
            spectra = change(inversion.unfold(note), self._frame)
            waves.append(inversion.waves(spectra, phases, self._frame, sample, pitch))
        final = self._signal.add(np.stack(waves))
        self._frame += frames.shape[1]
        onset = inversion.onset[self._heard : self._heard + final.shape[1]]
        final[:, : len(onset)] *= onset
        self._heard += final.shape[1]
        return final


def onset_gain(stft: Stft, fade: int) -> Floats:
    """Gains of a note's first samples that give it its attack back, faded in over `fade` samples.

    A frame that begins before the note holds only a part of it, and is heard as a quieter frame
    that lasts its whole length: without these gains a sudden note takes some 25 ms to rise.
    """
    window, undoing = hann(stft.fft_size), synthesis_window(stft)
    heard = np.zeros(stft.fft_size)
    for start in range(-stft.padding, stft.fft_size, stft.hop):
        first, stop = max(start, 0), min(start + stft.fft_size, stft.fft_size)
        if first < stop:
            inside = slice(first - start, stop - start)
            share = window[max(-start, 0) :].sum() / window.sum()
            heard[first:stop] += share * window[inside] * undoing[inside]
    gain = 1 / np.maximum(heard, 1 / MOST_ONSET_GAIN)
    gain[:fade] *= np.linspace(0, 1, min(fade, stft.fft_size))
    return gain[: stft.samples].astype(np.float32)


def rustle(stft: Stft) -> NDArray[np.complex64]:
    """Phases of white noise as unit numbers [frames, bins]; the last frame goes on in the first.

    Frames of one noise overlap without cancelling as independent phases would.
    """
    noise = np.random.default_rng(0).standard_normal(stft.frames * stft.hop)
    around = np.resize(noise, noise.size + stft.fft_size - stft.hop).astype(np.float32)
    spectra = transform(around, stft)
    size = np.abs(spectra)  # 0 here and there where few samples go round and round
    unit: NDArray[np.complex64] = np.divide(spectra, size, np.ones_like(spectra), where=size > 0)
    return unit
