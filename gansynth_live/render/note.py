"""One note: latent and pitch in, samples at the device's rate out, whole or slice by slice."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.packed import packed_bytes
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.generator import Generator
from gansynth_live.render.level import level_gain
from gansynth_live.render.passage import Beginning
from gansynth_live.render.resample import StreamResampler
from gansynth_live.render.samples import NonFiniteSoundError, flush_denormals
from gansynth_live.render.sustain import Zone
from gansynth_live.render.tape import Tape

# Frames after which a note that somebody waits for is handed on. The first slice of GANSynth itself
# costs 40 ms and holds 0.16 s of sound or more, the second costs 80 ms: no hole between them.
# (8 frames would hold only 31 ms: the resampler keeps 33 ms back.) The rest is cut fine, so that
# a sounding note that follows a knob need not wait long for a worker.
SLICE_STOPS = (12, 32, 56, 80, 104, 128)


class AudioStream(Protocol):
    """Audio of some notes whose frames arrive in order; how they are cut changes no bit."""

    def push(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take frames [notes, k, mel_bins, 2]; return samples [notes, m] that became final."""
        ...


class Inversion(Protocol):
    """Turns mel-IF data into audio."""

    def begin(self, notes: int) -> AudioStream:
        """Start `notes` notes that advance together."""
        ...


@dataclass(frozen=True)
class RenderedNote:
    """A finished note."""

    samples: NDArray[np.float32]  # [length] at the device's rate
    gain: float  # level correction, amplitude factor


class NoteRenderer:
    """Makes notes of one model for one device rate. Threads: any number at once."""

    def __init__(self, generator: Generator, inversion: Inversion, device_rate: int) -> None:
        self.generator = generator
        self.inversion = inversion
        self.device_rate = device_rate
        spec = generator.spec
        # What goes on after a note is always locked in phase with it.
        self.locked = LockedInversion(spec.stft, spec.mel_bins, spec.sample_rate)
        self.zone = Zone.of(spec.stft)
        self.frames: int = spec.frames
        self.length = ceil(spec.stft.samples * device_rate / spec.sample_rate)
        # What a note takes in memory: in its slot, and on the tape that continuations begin on.
        self.note_bytes = packed_bytes(self.length) + 4 * spec.stft.samples

    def begin(self, z: NDArray[np.float32], pitch: int) -> "NoteStream":
        """Start the note of latent `z` [latent_size] at MIDI `pitch`; nothing is computed yet."""
        return NoteStream(self, z, pitch)

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
        passage: what may follow on it.
    """

    def __init__(self, renderer: NoteRenderer, z: NDArray[np.float32], pitch: int) -> None:
        spec = renderer.generator.spec
        self.pitch = pitch
        self.frame = 0
        self.length = 0
        tape = Tape(0, spec.stft.samples)
        self.passage = Beginning(z, tape, spec.stft, spec.sample_rate)
        self._renderer = renderer
        self._frames = renderer.generator.begin(z[np.newaxis], np.array([pitch]))
        self._audio = renderer.inversion.begin(1)
        self._resampler = StreamResampler(spec.sample_rate, renderer.device_rate)

    def advance(self, stop: int) -> NDArray[np.float32]:
        """Make the frames up to `stop`; return the samples [m] that became final.

        Raises:
            NonFiniteSoundError: a sample is NaN or Inf; the note cannot be used.
        """
        samples = self._final_samples(self._frames.frames(self.frame, stop))
        self.frame = stop
        self.passage.tape.append(samples)
        last = stop == self._renderer.frames
        out = flush_denormals(self._resampler.push(samples, last))
        if last:
            out = fitted(out, self._renderer.length - self.length)
        self.length += out.size
        return out

    def _final_samples(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Samples [m] at the model's rate that `frames` make final, all finite."""
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
        sample_rate = self._renderer.generator.spec.sample_rate
        tape = self.passage.tape
        return level_gain(tape.read(0, tape.stop), sample_rate)


def stops_after(frame: int, frames: int) -> list[int]:
    """The slice ends after `frame` of a note that has `frames`."""
    return [stop for stop in SLICE_STOPS if frame < stop < frames] + [frames]


def fitted(samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """`samples` cut or filled with silence to `length`: the resampler may round the last one."""
    return np.pad(samples[:length], (0, max(length - samples.size, 0)))
