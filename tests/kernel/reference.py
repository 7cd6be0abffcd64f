"""What the kernel should play, in plain NumPy and double precision, one note after the other.

Nothing here is shared with the kernel but the facts: a segment has 64 frames, or ends earlier where
an envelope stage ends, or, once a level stands still, on a multiple of 64 frames; amplitude is a
straight line within a segment; controllers are looked up where a segment begins; positions are
rounded to 2**-32 of a sample.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

SEGMENT = 64
GUARD = 4
SILENCE = 10.0 ** (-100.0 / 20.0)


@dataclass(frozen=True)
class Sound:
    """Envelope and mix. Times in frames, sustain and ceiling as amplitudes, brightness -1..1."""

    rate: float = 48000.0
    attack: float = 96.0
    decay: float = 4800.0
    sustain: float = 1.0
    release: float = 19200.0
    fade: int = 384
    gain: float = 1.0
    ceiling: float = 10.0 ** (-1.0 / 20.0)
    brightness: float = 0.0


@dataclass(frozen=True)
class Note:
    """A key pressed at frame `start` and let go at `stop`. `speed`: of its render, unbent."""

    start: int
    stop: int
    speed: float
    gain: float


@dataclass(frozen=True)
class Channel:
    """A channel at one moment: gains, speed factor and pedal (0..1)."""

    left: float = 1.0
    right: float = 1.0
    ratio: float = 1.0
    pedal: float = 0.0


def channel(volume: int, pan: int, expression: int, semitones: float, pedal: float) -> Channel:
    """The channel of controller values: squared volumes, constant power panning."""
    gain = np.sqrt(2.0) * (volume / 127.0 * expression / 127.0) ** 2
    side = (pan - 64) / (63.0 if pan > 64 else 64.0)
    angle = np.pi / 4.0 * (1.0 + side)
    return Channel(gain * np.cos(angle), gain * np.sin(angle), 2.0 ** (semitones / 12.0), pedal)


def cubic(render: Real, at: Real) -> Real:
    """Catmull-Rom interpolation of `render`, silent before its start, at positions `at`."""
    padded = np.concatenate([np.zeros(GUARD), render, np.zeros(GUARD)])
    k = np.floor(at).astype(np.int64)
    t = at - k
    a, b, c, d = (padded[k + GUARD + offset] for offset in (-1, 0, 1, 2))
    value: Real = 0.5 * (
        2.0 * b
        + (c - a) * t
        + (2.0 * a - 5.0 * b + 4.0 * c - d) * t**2
        + (3.0 * b - a - 3.0 * c + d) * t**3
    )
    return value


def smoothed(value: float, goal: float, frames: int, time: float) -> float:
    """`value` on its exponential way to `goal`, after `frames` frames of a time constant `time`."""
    if abs(goal - value) < 1e-6:
        return goal
    return goal + (value - goal) * float(np.exp(-frames / time))


@dataclass
class Voice:
    """One note on its way through a render."""

    note: Note
    sound: Sound
    stage: str = "attack"
    level: float = 0.0
    fade_left: int = 0
    position: float = 0.0
    amplitude: Real = field(default_factory=lambda: np.zeros(2))

    def envelope(self, pedal: float, room: int) -> tuple[int, float]:
        """Length of the next segment, at most `room` frames, and the level at its end."""
        sound = self.sound
        if self.stage == "attack":
            speed = np.log(5.0) / max(sound.attack, 1.0)  # heads for 1.25, passes 1 in time
            left = int(np.ceil(np.log((1.25 - self.level) / 0.25) / speed - 1e-6))
            if left <= room:
                return max(left, 1), 1.0
            return room, 1.25 + (self.level - 1.25) * float(np.exp(-speed * room))
        if self.stage == "fade":
            length = min(room, self.fade_left)
            return length, self.level * (self.fade_left - length) / self.fade_left
        goal, time = sound.sustain, sound.decay
        if self.stage == "release":
            touch = min(max((pedal - 0.25) / 0.5, 0.0), 1.0)
            goal, time = 0.0, sound.release * (1.0 + 8.0 * touch)
        level = goal + (self.level - goal) * 10.0 ** (-3.0 * room / max(time, 1.0))
        return room, goal if abs(level - goal) < SILENCE else level

    def room(self, frame: int) -> int:
        """Most frames of a segment that begins at `frame`."""
        steady = self.stage == "decay" and self.level == self.sound.sustain
        return SEGMENT - frame % SEGMENT if steady else SEGMENT

    def finish_stage(self, length: int) -> None:
        """Enter the next stage where a segment of `length` frames ended the present one."""
        if self.stage == "attack" and self.level >= 1.0:
            self.stage = "decay"
        elif self.stage in ("decay", "release") and self.level < SILENCE:
            self.stage = "over"
        elif self.stage == "fade":
            self.fade_left -= length
            if self.fade_left <= 0:
                self.stage = "over"


def note_alone(
    note: Note, sound: Sound, render: Real, channel_at: Callable[[int], Channel], frames: int
) -> Real:
    """One note before shelf and limiter, [2, frames]. Its render is complete from the start."""
    out = np.zeros((2, frames))
    voice = Voice(note, sound)
    now = channel_at(note.start)
    left, right, ratio = now.left, now.right, now.ratio
    frame = note.start
    while frame < frames:
        now = channel_at(frame)
        if voice.stage in ("attack", "decay") and frame >= note.stop:
            voice.stage = "release"
        room = voice.room(frame)
        ratio = smoothed(ratio, now.ratio, room, 0.003 * sound.rate)
        left = smoothed(left, now.left, room, 0.005 * sound.rate)
        right = smoothed(right, now.right, room, 0.005 * sound.rate)
        step = float(np.floor(note.speed * ratio * 2.0**32) / 2.0**32)
        ahead = int((len(render) - 3 - voice.position) // step)
        if ahead < 1:
            break
        if voice.stage == "fade":
            voice.fade_left = min(voice.fade_left, ahead)
        elif ahead <= sound.fade + SEGMENT:
            voice.stage, voice.fade_left = "fade", min(ahead, sound.fade)
        length, level = voice.envelope(now.pedal, min(room, ahead))
        goal = note.gain * level * np.array([left, right])
        slope = (goal - voice.amplitude) / length
        # Letting go cuts a segment: the envelope leaves its line where it is.
        cut = note.stop - frame
        interrupted = 0 < cut < length and voice.stage in ("attack", "decay")
        count = cut if interrupted else length
        inside = np.arange(count, dtype=np.float64)
        heard = min(count, frames - frame)
        wave = cubic(render, voice.position + step * inside)[:heard]
        lines = voice.amplitude[:, None] + slope[:, None] * inside[None, :heard]
        out[:, frame : frame + heard] += wave * lines
        voice.amplitude = voice.amplitude + slope * count
        voice.level += (level - voice.level) * count / length
        voice.position += step * count
        frame += count
        if not interrupted:
            voice.level = level
            voice.finish_stage(length)
        if voice.stage == "over":
            break
    return out


def finish(mixed: Real, sound: Sound) -> Real:
    """Shelf, gain and limiter over a whole performance, [2, frames], sample by sample."""
    pole = 1.0 - np.exp(-2.0 * np.pi * 1500.0 / sound.rate)
    shelf_step = 1.0 - np.exp(-1.0 / (0.01 * sound.rate))
    recovery = 1.0 - np.exp(-1.0 / (0.1 * sound.rate))
    treble = 4.0**sound.brightness - 1.0
    knee = sound.ceiling / 2.0
    low, shelf, reduction = np.zeros(2), 0.0, 1.0
    out = np.zeros_like(mixed)
    for i, frame in enumerate(mixed.T):
        shelf += (treble - shelf) * shelf_step
        low = low + (frame - low) * pole
        bright = (frame + shelf * (frame - low)) * sound.gain
        level = float(np.abs(bright).max())
        allowed = 1.0
        if level > knee:
            over = level - knee
            allowed = (knee + over * knee / (knee + over)) / level
        reduction = min(reduction + (1.0 - reduction) * recovery, allowed)
        out[:, i] = bright * reduction
    return out
