"""A stretch of a voice's life that lies in one slot, and what a next one has to know of it."""

from abc import abstractmethod
from typing import NamedTuple, Protocol

from gansynth_live.latent.sphere import Latent
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.stft import Stft, first_sample
from gansynth_live.render.continuation.decay import Trend
from gansynth_live.render.continuation.frame_source import FrameSource, MeasuredFrames, trend_of
from gansynth_live.render.continuation.loudness import Loud
from gansynth_live.render.continuation.zone import Zone
from gansynth_live.render.notes.history import AudioHistory
from gansynth_live.render.notes.level import level_gain


class VoiceState(NamedTuple):
    """How far a voice has come at some moment.

    Attributes:
        clock: frames that it has been dying away, not always whole ones (see `walk`).
        trend: where its timbre was heading when that was last measured.
        measured_at: the latent that it was measured for.
        closely: whether the whole note was looked at for that.
        age: continuations since.
        gain: level correction that the voice began with and keeps, amplitude factor.
        loud: how loud it is, without that correction.
    """

    clock: float
    trend: Trend | None
    measured_at: Latent
    closely: bool
    age: int
    gain: float | None
    loud: Loud


class Passage(Protocol):
    """What a continuation is made from.

    Attributes:
        tape: the audio so far, at the inversion's rate.
        source: the frames of its timbre.
        start: sample of the note, at the inversion's rate, from which on its frames are heard.
        end: the last such sample at which another continuation can take over.
        base: number of its slot's first sample in the note, at the device's rate.
    """

    tape: AudioHistory
    source: FrameSource
    start: int
    end: int
    base: int

    @abstractmethod
    def standing(self, start: int) -> VoiceState:
        """How far the voice has come a hop before sample `start`, up to which frames are made."""
        ...


class Beginning(Passage):
    """The render that a note starts with: every frame at its own time, up to the release."""

    base = 0

    def __init__(self, latent: Latent, tape: AudioHistory, inversion: LockedInversion) -> None:
        stft, rate = inversion.stft, inversion.sample_rate
        self.tape = tape
        self.source = MeasuredFrames(latent, tape, inversion)
        self._zone = Zone.of(stft)
        self.start = first_sample(stft, 0)
        self.end = first_sample(stft, self._zone.stop + 1)
        self._stft, self._rate = stft, rate
        self._frame_seconds = stft.hop / rate
        self._trend: Trend | None = None

    def standing(self, start: int) -> VoiceState:
        """See `Passage`. The trend is known as soon as the whole note is there."""
        zone, tape = self._zone, self.tape
        if self._trend is None and tape.stop == tape.capacity:
            exact = level_gain(tape.read(0, tape.stop), self._rate)
            known = trend_of(self.source, zone, self._frame_seconds)
            self._trend = known._replace(gain=exact)
        decaying = self._trend.decaying if self._trend else 0.0
        frame = (start + self._stft.padding) / self._stft.hop - 1
        clock = min(frame, zone.struck) + decaying * max(frame - zone.struck, 0)
        gain = self._trend.gain if self._trend else None
        return VoiceState(clock, self._trend, self.source.latent, True, 0, gain, Loud())


def newest_start(tape: AudioHistory, stft: Stft) -> int:
    """The last sample at which frames can follow on what is on the tape."""
    return tape.stop + stft.hop - stft.fft_size
