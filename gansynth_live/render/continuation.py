"""A sounding voice goes on: in another timbre, or in its own beyond the end of its render."""

from math import ceil, gcd

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.handover import Handover, first_sample
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.spectra import Spectra
from gansynth_live.render.passage import Passage, Standing
from gansynth_live.render.resample import StreamResampler
from gansynth_live.render.samples import NonFiniteSoundError, flush_denormals
from gansynth_live.render.source import Source, trend_of
from gansynth_live.render.sustain import Trend, Walk, course
from gansynth_live.render.tape import Tape

HISTORY = 1024  # samples at the model's rate that fill the resampler before the join
OVERLAP = 64  # samples at the device's rate that a slot repeats of the one before
RESERVE = 3  # frames at the end that a next continuation overlaps
TREND_LASTS = 4  # continuations of a moving blend that share one measured trend,
TREND_REACHES = 0.15  # while the latent moves by no more than this share of its length


class Continuation(Passage):
    """Frames `first`, `first` + 1, ... of a voice, in phase with what is on `past`.

    Args:
        inversion: of the model.
        device_rate: of the samples that `advance` returns, Hz.
        walk: the voice's own.
        source: the frames of its timbre from now on.
        past: audio at least up to the end of frame `first` - 1.
        standing: of the voice at frame `first` - 1.
        frames: how many there will be.

    Attributes:
        first: the first frame.
        joint: sample of the note, at the device's rate, where it takes over.
    """

    def __init__(
        self,
        inversion: LockedInversion,
        device_rate: int,
        walk: Walk,
        source: Source,
        past: Tape,
        first: int,
        standing: Standing,
        frames: int,
    ) -> None:
        stft, rate = inversion.stft, inversion.sample_rate
        self.first = first
        self.source = source
        self.made = 0
        self.last = first + frames - RESERVE
        self._walk = walk
        self._frame_seconds = stft.hop / rate
        self._clocks = [standing.clock]
        self._standings = [(first, standing._replace(age=standing.age + 1))]  # and from where on
        joint = first_sample(stft, first)
        period = rate // gcd(rate, device_rate)
        begin = (joint - HISTORY) // period * period  # a sample that both rates share
        self.joint = ceil(joint * device_rate / rate)
        self.base = self.joint - OVERLAP
        self.tape = Tape(begin, joint - begin + frames * stft.hop)
        self.tape.append(past.read(begin, joint))
        self._handover = Handover(
            inversion, first, past.read(joint - stft.hop, joint - stft.hop + stft.fft_size)
        )
        self._resampler = StreamResampler(rate, device_rate)
        history = self._resampler.push(self.tape.read(begin, joint), last=False)
        self._early = self.base - begin * device_rate // rate - len(history)
        self._waiting = history[self._early + len(history) :] if self._early < 0 else history[:0]

    def advance(self, stop: int) -> NDArray[np.float32]:
        """Make the frames up to number `first` + `stop`; return the samples [m] that became final.

        Raises:
            NonFiniteSoundError: the network made NaN or Inf.
        """
        spectra = self._next_spectra(stop)
        samples = self._handover.push(spectra)
        if not np.isfinite(samples).all():
            raise NonFiniteSoundError(
                "the model makes NaN or Inf in this blend; choose other instruments"
            )
        self.tape.append(samples)
        out = flush_denormals(self._resampler.push(samples, last=False))
        late = max(self._early, 0)
        self._early = late - min(late, len(out))
        made = np.concatenate([self._waiting, out[late:]])
        self._waiting = made[:0]
        return made

    def gain(self) -> float:
        """Level correction: that of the voice stays in force."""
        return 1.0

    @property
    def passage(self) -> Passage:
        """See `pool.Stream`."""
        return self

    def standing(self, frame: int) -> Standing:
        """How far the voice has come at a frame that has been made."""
        in_force = next(standing for start, standing in reversed(self._standings) if start <= frame)
        return in_force._replace(clock=self._clocks[frame - self.first + 1])

    def _next_spectra(self, stop: int) -> Spectra:
        start, self.made = self.first + self.made, stop
        stop += self.first
        trend = self._present_trend(start)
        path = course(self._walk, start, stop, self._clocks[-1], trend.decaying)
        self._clocks.extend(path.clocks)
        magnitude, turn = self.source.spectra(path.places)
        # The voice keeps the level correction that it began with.
        level = np.float32(trend.gain / (self._standings[-1][1].gain or trend.gain))
        if trend.decaying:
            magnitude = magnitude * np.exp(path.behind[:, None] * trend.fall)
        return Spectra(magnitude * level, turn)

    def _present_trend(self, start: int) -> Trend:
        """The trend, measured where the last one says too little: not for every step of a knob."""
        standing, latent = self._standings[-1][1], self.source.latent
        moved = float(np.linalg.norm(latent - standing.measured_at))
        near = moved <= TREND_REACHES * float(np.linalg.norm(latent))
        moving = start == self.first
        lasts = moved == 0.0 or (near and standing.age < TREND_LASTS and moving)
        if standing.trend is not None and lasts:
            return standing.trend
        measured = trend_of(self.source, self._walk.zone, self._frame_seconds)
        gain = standing.gain or measured.gain
        changed = standing._replace(trend=measured, measured_at=latent, age=0, gain=gain)
        self._standings.append((start, changed))
        return measured
