"""What the effects should play, in plain NumPy and double precision, sample by sample.

Nothing here is shared with the kernel but the facts: lengths, taps and gains as published, and what
each parameter means. Parameters stand still.
"""

from dataclasses import dataclass
from math import exp, pi

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

PAPER = 29761.0  # Hz
DIFFUSERS = ((142, 0.75), (107, 0.75), (379, 0.625), (277, 0.625))
LEFT, RIGHT = (672, 4453, 1800, 3720), (908, 4217, 2656, 3163)
# Dattorro's table 2: side of the tank, line there, frames, sign.
OUT = (
    "R 1 266 +, R 1 2974 +, R 2 1913 -, R 3 1996 +, L 1 1990 -, L 2 187 -, L 3 1066 -",
    "L 1 353 +, L 1 3627 +, L 2 1228 -, L 3 2673 +, R 1 2111 -, R 2 335 -, R 3 121 -",
)


class Line:
    """A delay line that remembers everything."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def back(self, frames: float) -> float:
        """What it took `frames` frames before the next one that it will take."""
        whole = int(frames)
        ends = [self._at(whole), self._at(whole + 1)]
        return ends[0] + (frames - whole) * (ends[1] - ends[0])

    def take(self, value: float) -> None:
        self.taken.append(value)

    def _at(self, frames: int) -> float:
        return self.taken[-frames] if 0 < frames <= len(self.taken) else 0.0


def swing(turns: float) -> float:
    """A triangle, -1 at 0 and 1 at half a turn, with rounded corners."""
    rise = 1.0 - abs(2.0 * (turns % 1.0) - 1.0)
    return 2.0 * (3.0 * rise**2 - 2.0 * rise**3) - 1.0


@dataclass(frozen=True)
class Plate:
    """Its parameters, in their units."""

    decay: float = 2.2
    size: float = 1.0
    damping: float = 6000.0
    predelay: float = 0.012
    low_cut: float = 90.0
    drift: float = 0.4

    def play(self, sound: Real, rate: float) -> Real:
        """The plate's answer [2, frames] to `sound` [2, frames]."""
        loss = 3.0 * np.log(10.0) / (self.decay * rate)
        cut, pole = (1.0 - exp(-2.0 * pi * hz / rate) for hz in (self.low_cut, self.damping))

        def frames(length: float) -> int:
            return round(length / PAPER * self.size * rate)

        def lossy(line: Line, delay: int, moved: float = 0.0) -> float:
            return exp(-loss * delay) * line.back(delay + moved)

        first = Line()
        blurs = [(Line(), frames(length), gain) for length, gain in DIFFUSERS]
        tank = {"L": [Line() for _ in LEFT], "R": [Line() for _ in RIGHT]}
        lengths = {"L": [*map(frames, LEFT)], "R": [*map(frames, RIGHT)]}
        swings = {"L": (0.25, 0.5), "R": (0.0, 0.83)}  # phase at the start, Hz
        low = {"L": 0.0, "R": 0.0}
        taps = [[tap.split() for tap in side.split(", ")] for side in OUT]
        excursion = self.drift * 16.0 / PAPER * rate
        predelay = round(self.predelay * rate)
        bass, out = 0.0, np.zeros_like(sound)
        for i, value in enumerate(sound.mean(axis=0)):
            bass += (value - bass) * cut
            first.take(value - bass)
            blurred = exp(-loss * predelay) * first.back(predelay + 1)
            for line, delay, gain in blurs:
                heard = lossy(line, delay)
                line.take(blurred + gain * heard)
                blurred = heard - gain * line.taken[-1]
            ends = {side: lossy(tank[side][3], lengths[side][3]) for side in "LR"}
            for side, other in ("LR", "RL"):
                lines, delays = tank[side], lengths[side]
                phase, hz = swings[side]
                moved = excursion * swing(phase + hz / rate * (i + 1))
                heard = lossy(lines[0], delays[0], moved)
                lines[0].take(blurred + ends[other] - 0.7 * heard)
                passed = heard + 0.7 * lines[0].taken[-1]
                lines[1].take(passed)
                low[side] += (
                    exp(-loss * delays[1]) * lines[1].back(delays[1] + 1) - low[side]
                ) * pole
                heard = lossy(lines[2], delays[2])
                lines[2].take(low[side] + 0.5 * heard)
                lines[3].take(heard - 0.5 * lines[2].taken[-1])
            for channel, several in enumerate(taps):
                for side, number, length, sign in several:
                    delay = frames(float(length))
                    heard = exp(-loss * delay) * tank[side][int(number)].back(delay + 1)
                    out[channel, i] += 0.6 * heard * (1.0 if sign == "+" else -1.0)
        return out


@dataclass(frozen=True)
class Ensemble:
    """Its parameters, in their units."""

    rate: float = 1.0
    depth: float = 0.5

    def play(self, sound: Real, rate: float) -> Real:
        """What it adds [2, frames] to `sound` [2, frames]."""
        lines, out = [Line(), Line()], np.zeros_like(sound)
        for i in range(sound.shape[1]):
            turns = self.rate / rate * (i + 1)
            swings = swing(0.25 + 0.5 * turns), swing(0.75 + 0.83 * turns)
            for side, line in enumerate(lines):
                line.take(sound[side, i])
                for moved in swings:
                    delay = 0.008 + (-1.0) ** side * 0.004 * self.depth * moved
                    out[side, i] += line.back(delay * rate + 1.0) / np.sqrt(2.0)
        return out


@dataclass(frozen=True)
class Delay:
    """Its parameters, in their units."""

    time: float = 0.35
    feedback: float = 0.35
    tone: float = 4000.0
    cross: float = 1.0
    duck: float = 0.0

    def play(self, sound: Real, rate: float) -> Real:
        """Its echoes [2, frames] of `sound` [2, frames]."""
        lines, low, out = [Line(), Line()], np.zeros(2), np.zeros_like(sound)
        turned = np.array([[1.0 - self.cross, self.cross], [self.cross, 1.0 - self.cross]])
        pole = 1.0 - exp(-2.0 * pi * self.tone / rate)
        level = 0.0
        for i, frame in enumerate(sound.T):
            heard = np.array([line.back(round(self.time * rate)) for line in lines])
            low = low + (heard - low) * pole
            level = max(level * exp(-1.0 / (0.25 * rate)), float(np.abs(frame).max()))
            out[:, i] = low * (1.0 - (1.0 - 10.0 ** (-self.duck / 20.0)) * level / (level + 0.05))
            taken = (1.0 - self.cross) * frame + self.feedback * turned @ low
            taken[0] += self.cross * frame.mean()
            for line, value in zip(lines, taken, strict=True):
                line.take(value)
        return out
