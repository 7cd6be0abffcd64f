"""What goes round: a phase by the second or by the beat, and the waves drawn from it."""

from math import pi, sin

from gansynth_live.latent.clock import Moment

FEWEST_BEATS = 1 / 64  # of a turn: what is much quicker has no phase that could be told


class Cycle:
    """A phase 0..1 over time.

    By the second, a new rate bends the phase's line but never breaks it. By the beat, the phase is
    that of the song position, so that it falls together with the bars whatever came before.

    Args:
        rate: turns a second; counts unless `beats` is above 0.
        beats: beats a turn, at least `FEWEST_BEATS`; 0: by the second.
    """

    def __init__(self, rate: float, beats: float) -> None:
        self._rate = rate
        self._beats = _enough(beats)
        self._turns = 0.0  # at the anchor
        self._anchor = 0.0

    @property
    def is_locked(self) -> bool:
        """Whether it goes by the beat."""
        return self._beats > 0.0

    def go_by_seconds(self, seconds: float, rate: float) -> None:
        """Another rate, in turns a second; it counts where nothing goes by the beat."""
        self._turns = self._turns_at(seconds) % 1.0
        self._anchor = seconds
        self._rate = rate

    def go_by_beats(self, beats: float) -> None:
        """Another length in beats; 0: by the second."""
        self._beats = _enough(beats)

    def phase(self, moment: Moment) -> float:
        """Where it stands, 0 up to but not including 1, not before the last `go_by_seconds`."""
        if self._beats > 0.0:
            return moment.beat / self._beats % 1.0
        return self._turns_at(moment.seconds) % 1.0

    def _turns_at(self, seconds: float) -> float:
        return self._turns + self._rate * (seconds - self._anchor)


def _enough(beats: float) -> float:
    return max(beats, FEWEST_BEATS) if beats > 0.0 else 0.0


def sine(phase: float) -> float:
    """-1..1, from 0 upwards."""
    return sin(2.0 * pi * phase)


def triangle(phase: float) -> float:
    """-1..1, from 0 upwards, in straight lines."""
    return 1.0 - 4.0 * abs((phase + 0.25) % 1.0 - 0.5)


WAVES = {"sine": sine, "triangle": triangle}
