"""One note: latent and pitch in, samples at the device's rate out, whole or slice by slice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.packed import packed_bytes
from gansynth_live.model.audio.compact import compact_bytes
from gansynth_live.model.audio.locked import Change, LockedInversion, as_it_is
from gansynth_live.model.generator import Generator, NoteFrames
from gansynth_live.model.living.modulate import Fluctuation
from gansynth_live.render.notes.finite import NonFiniteSoundError, flush_denormals
from gansynth_live.render.notes.history import AudioHistory
from gansynth_live.render.notes.level import level_gain
from gansynth_live.render.notes.resample import StreamResampler
from gansynth_live.render.notes.timbre import LivingOf, Timbre, still

# Frames after which a note that somebody waits for is handed on. The first slice of GANSynth itself
# costs 40 ms and holds 0.16 s of sound or more, the second costs 80 ms: no hole between them.
# (8 frames would hold only 31 ms: the resampler keeps 33 ms back.) The rest is cut fine, so that
# a sounding note that follows a knob need not wait long for a worker.
SLICE_STOPS = (12, 32, 56, 80, 104, 128)

NOTES_A_MIX = 2  # rendered notes in memory for each whose frames are kept to be mixed


class AudioStream(Protocol):
    """Audio of some notes whose frames arrive in order; how they are cut changes no bit."""

    def push(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take frames [notes, k, mel_bins, 2]; return samples [notes, m] that became final."""
        ...


class Inversion(Protocol):
    """Turns mel-IF data into audio."""

    def begin(self, pitches: Sequence[int], changes: Sequence[Change] | None = None) -> AudioStream:
        """Start notes of MIDI `pitches` that advance together, `changes` [notes] made to each."""
        ...


@dataclass(frozen=True)
class RenderedNote:
    """A finished note."""

    samples: NDArray[np.float32]  # [length] at the device's rate
    gain: float  # level correction, amplitude factor


class NoteRenderer:
    """Makes notes of one model for one device rate. Threads: any number at once.

    Args:
        living: how the partials of a timbre are to fluctuate.
    """

    def __init__(
        self,
        generator: Generator,
        inversion: Inversion,
        device_rate: int,
        living: LivingOf = still,
    ) -> None:
        self._living = living
        self.generator = generator
        self.inversion = inversion
        self.device_rate = device_rate
        spec = generator.spec
        # What goes on after a note is always locked in phase with it.
        self.locked = (
            inversion
            if isinstance(inversion, LockedInversion)
            else LockedInversion(spec.stft, spec.mel_bins, spec.sample_rate)
        )
        stft = self.locked.stft
        self.frames: int = spec.frames
        self.length = ceil(stft.samples * device_rate / self.locked.sample_rate)
        # What a note takes in memory: in its slot, on the tape that continuations begin on, and its
        # share of the frames that blends are mixed from.
        tape = packed_bytes(stft.samples, stft.hop)
        frames = compact_bytes(spec.frames, spec.mel_bins) // NOTES_A_MIX
        self.note_bytes = packed_bytes(self.length) + tape + frames

    def begin(
        self,
        z: NDArray[np.float32],
        pitch: int,
        frames: NoteFrames | None = None,
        change: Change = as_it_is,
    ) -> "NoteStream":
        """Start the note of latent `z` [latent_size] at MIDI `pitch`; nothing is computed yet.

        Args:
            frames: of that note; None: those of the network.
            change: what is made of their spectra, as by `fluctuation`.
        """
        if frames is None:
            frames = self.generator.begin(z[np.newaxis], np.array([pitch]))
        return NoteStream(self, z, pitch, frames, change)

    def fluctuation(self, timbre: Timbre, pitch: int) -> Change:
        """What the partials of a timbre do in a note at MIDI `pitch`."""
        living = self._living(timbre)
        if not any(living.depths):
            return as_it_is
        spec = self.generator.spec
        bin_hertz, seconds = (
            spec.sample_rate / spec.stft.fft_size,
            spec.stft.hop / spec.sample_rate,
        )
        return Fluctuation(living, pitch, spec.stft.bins, bin_hertz, seconds).applied

    def render(self, z: NDArray[np.float32], pitch: int) -> Iterator[NDArray[np.float32]]:
        """The note in slices, each as soon as it is final; together exactly `render_whole`."""
        note = self.begin(z, pitch)
        for stop in stops_after(0, self.frames):
            yield note.advance(stop)

    def render_whole(self, z: NDArray[np.float32], pitch: int) -> RenderedNote:
        """The whole note in one go."""
        note = self.begin(z, pitch)
        samples = note.advance(self.frames)
        return RenderedNote(samples, note.gain())


class NoteStream:
    """A note that is being made, by one thread at a time; continuations may read what is there.

    Attributes:
        frame: frames made so far.
        length: samples made so far, at the device's rate.
        latent: of the note [latent_size].
        tape: the audio so far, at the rate of the inversion.
    """

    def __init__(
        self,
        renderer: NoteRenderer,
        z: NDArray[np.float32],
        pitch: int,
        frames: NoteFrames,
        change: Change,
    ) -> None:
        stft, rate = renderer.locked.stft, renderer.locked.sample_rate
        self.pitch = pitch
        self.frame = 0
        self.length = 0
        self.latent = z
        self.tape = AudioHistory(0, stft.samples, stft.hop, -stft.padding)
        self._renderer = renderer
        self._frames = frames
        self._audio = renderer.inversion.begin([pitch], [change])
        self._resampler = StreamResampler(rate, renderer.device_rate)

    def advance(self, stop: int) -> NDArray[np.float32]:
        """Make the frames up to `stop`; return the samples [m] that became final.

        Raises:
            NonFiniteSoundError: a sample is NaN or Inf; the note cannot be used.
        """
        samples = self._final_samples(self._frames.frames(self.frame, stop))
        self.frame = stop
        self.tape.append(samples)
        last = stop == self._renderer.frames
        out = flush_denormals(self._resampler.push(samples, last))
        if last:
            out = fitted(out, self._renderer.length - self.length)
        self.length += out.size
        return out

    def _final_samples(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Samples [m] at the inversion's rate that `frames` make final, all finite."""
        if np.isfinite(frames).all():
            with np.errstate(over="ignore", invalid="ignore"):
                samples: NDArray[np.float32] = self._audio.push(frames)[0]
            if np.isfinite(samples).all():
                return samples
        raise NonFiniteSoundError(
            f"the model makes NaN or Inf at pitch {self.pitch}; choose another instrument"
        )

    def gain(self) -> float:
        """Level correction (amplitude factor) of the finished note; the same at any device rate."""
        rate = self._renderer.locked.sample_rate
        return level_gain(self.tape.read(0, self.tape.stop), rate)


def stops_after(frame: int, frames: int) -> list[int]:
    """The slice ends after `frame` of a note that has `frames`."""
    return [stop for stop in SLICE_STOPS if frame < stop < frames] + [frames]


def fitted(samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """`samples` cut or filled with silence to `length`: the resampler may round the last one."""
    return np.pad(samples[:length], (0, max(length - samples.size, 0)))
