"""A sounding voice goes on: in another timbre, or in its own beyond the end of its render."""

from math import ceil, gcd, log

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.handover import Handover, nearest_frame
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.spectra import Spectra
from gansynth_live.render.continuation.decay import Trend
from gansynth_live.render.continuation.estimate import (
    FIRST_PART,
    RESTS_AT,
    Look,
    is_known,
    look_needed,
)
from gansynth_live.render.continuation.frame_source import FrameSource, trend_of
from gansynth_live.render.continuation.loudness import DOUBT, Loudness, Turn, interpolated, loudness
from gansynth_live.render.continuation.passage import Passage, VoiceState
from gansynth_live.render.continuation.walk import FramePlan, Walk, plan_first_frames, plan_frames
from gansynth_live.render.notes.finite import NonFiniteSoundError, flush_denormals
from gansynth_live.render.notes.history import AudioHistory
from gansynth_live.render.notes.resample import StreamResampler

HISTORY = 1024  # samples at the inversion's rate that fill the resampler before the join
OVERLAP = 64  # samples at the device's rate that a slot repeats of the one before
RESERVE = 3  # frames at the end that a next continuation overlaps


class Continuation(Passage):
    """Frames of a voice from sample `start` on, in phase with what is on `past`.

    Args:
        inversion: of the model.
        device_rate: of the samples that `advance` returns, Hz.
        pitch: of the note.
        walk: the voice's own.
        source: the frames of its timbre from now on.
        past: audio at least as far as a frame reaches that begins a hop before `start`.
        start: sample of the note, at the inversion's rate.
        standing: of the voice a hop before `start`.
        frames: how many there will be.

    Attributes:
        joint: `start` at the device's rate.
    """

    def __init__(
        self,
        inversion: LockedInversion,
        device_rate: int,
        pitch: int,
        walk: Walk,
        source: FrameSource,
        past: AudioHistory,
        start: int,
        standing: VoiceState,
        frames: int,
    ) -> None:
        stft, rate = inversion.stft, inversion.sample_rate
        self._inversion, self._stft, self._rate = inversion, stft, rate
        self.start = start
        self.end = start + (frames - RESERVE) * stft.hop
        self.source = source
        self.made = self._first_part = 0
        self._most = frames
        self._first = nearest_frame(stft, start)
        self._walk = walk
        self._clocks = [standing.clock]
        self._standings = [(0, standing._replace(age=standing.age + 1))]  # and from where on
        period = rate // gcd(rate, device_rate)
        begin = (start - HISTORY) // period * period  # a sample that both rates share
        self.joint = ceil(start * device_rate / rate)
        self.base = self.joint - OVERLAP
        self.tape = AudioHistory(begin, start - begin + frames * stft.hop, stft.hop, start)
        self.tape.append(past.read(begin, start))
        old = past.read(start - stft.hop, start - stft.hop + stft.fft_size)
        self._handover = Handover(inversion, pitch, start, old)
        self._loudness = Loudness(standing.loud)
        self._resampler = StreamResampler(rate, device_rate)
        history = self._resampler.push(self.tape.read(begin, start), last=False)
        self._early = self.base - begin * device_rate // rate - len(history)
        self._waiting = history[self._early + len(history) :] if self._early < 0 else history[:0]

    def advance(self, stop: int) -> NDArray[np.float32]:
        """Make its frames up to number `stop`, or a few more; the samples [m] that became final.

        Raises:
            NonFiniteSoundError: the network made NaN or Inf.
        """
        parts = []
        while self.made < stop:
            cut = next(cut for cut in (FIRST_PART, RESTS_AT, stop) if self.made < cut)
            parts.append(self._make(min(cut, stop)))
        return np.concatenate(parts)

    def gain(self) -> float:
        """Level correction: that of the voice stays in force."""
        return 1.0

    def standing(self, start: int) -> VoiceState:
        """See `Passage`. What is made up to `start` includes frames that reach beyond it."""
        frames = (start - self.start) / self._stft.hop
        reached = frames + self._stft.fft_size / self._stft.hop - 1
        known = (standing for made, standing in reversed(self._standings) if made < reached)
        in_force = next(known, self._standings[0][1])
        clock = interpolated(self._clocks, frames)
        return in_force._replace(clock=clock, loud=self._loudness.at(frames))

    def _make(self, stop: int) -> NDArray[np.float32]:
        samples = self._handover.push(self._next_spectra(stop))
        if not np.isfinite(samples).all():
            raise NonFiniteSoundError(
                "the model makes NaN or Inf in this blend; choose other instruments"
            )
        self.tape.append(samples)
        out = flush_denormals(self._resampler.push(samples, last=False))
        late = max(self._early, 0)
        self._early = late - min(late, len(out))
        made = np.concatenate([self._waiting, out[late:]])
        self._waiting = made[:0].copy()  # not a view, which would keep all of it
        return made

    def _next_spectra(self, stop: int) -> Spectra:
        trend, turn_to = self._present_trend()
        path = self._course(stop, trend.decaying)
        self.made += len(path.places) - 1
        self._first_part = self._first_part or self.made
        self._clocks.extend(path.clocks[1:])
        magnitude, turn, blur = self.source.spectra(path.places)
        if trend.decaying:
            magnitude = magnitude * np.exp(path.behind[:, None] * trend.fall)
        natural = loudness(magnitude)
        if turn_to is not None:
            self._loudness.turn(float(natural[0]), turn_to)
        levels = self._loudness.go_on(natural[1:]).astype(np.float32)
        return Spectra(magnitude[1:] * np.exp(levels)[:, None], turn[1:], blur)

    def _course(self, stop: int, decaying: float) -> FramePlan:
        begin, clock = self._first + self.made, self._clocks[-1]
        if self.made > 0:
            return plan_frames(self._walk, begin, self._first + stop, clock, decaying)
        most = self._most, self.source.grain
        return plan_first_frames(self._walk, begin, stop, *most, clock, decaying)

    def _present_trend(self) -> tuple[Trend, Turn | None]:
        """The trend, and how to turn to it, unless that has been done."""
        standing, latent = self._standings[-1][1], self.source.latent
        look = look_needed(standing, latent, self.made, self._first_part)
        if look is Look.NONE and standing.trend is not None:
            if self.made > 0:
                return standing.trend, None
            level = self._level(standing.trend) if is_known(standing, latent) else None
            return standing.trend, Turn(level, 0.0)
        closely = look is Look.CLOSE
        trend = self._estimated(closely=closely)
        gain = standing.gain or trend.gain
        changed = VoiceState(standing.clock, trend, latent, closely, 0, gain, standing.loud)
        self._standings.append((self.made, changed))
        return trend, Turn(self._level(trend), 0.0 if closely else DOUBT)

    def _estimated(self, *, closely: bool) -> Trend:
        lost = 0.0
        if closely:
            made = self.tape.read(self.start, self.tape.stop)
            lost = self._loudness.lost(made, self._inversion)
        seconds = self._stft.hop / self._rate
        return trend_of(self.source, self._walk.zone, seconds, closely=closely, lost=lost)

    def _level(self, trend: Trend) -> float:
        """The voice keeps the level correction that it began with."""
        return log(trend.gain / (self._standings[-1][1].gain or trend.gain))
