"""What the kernel should play of one note: envelope, controllers, swaps, in plain NumPy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.kernel.reference import Channel, Note, Real, Sound, Swing, cubic, smoothed

SEGMENT = 64
FAR = 1 << 30  # frames
RESUME = 2048  # samples ahead, beyond the fade, that make a note rise again
SIDES = {  # taps of the tone filter on either side, with air and without, at 48 kHz
    True: np.array([0.15414, 0.12414, 0.08659, 0.05231]) * 4.0,
    False: np.array([0.0, 0.0, 1.0]),
}
SILENCE = 10.0 ** (-100.0 / 20.0)


@dataclass(frozen=True)
class Swap:
    """At frame `frame`: whoever plays `source` goes on in `slot` at `start` once it is at `at`."""

    frame: int
    source: int
    at: int
    slot: int
    start: int


@dataclass
class Voice:
    """One note on its way through a render, or through several."""

    note: Note
    sound: Sound
    renders: Sequence[Real]
    swings: Sequence[Swing]
    stage: str = "attack"
    level: float = 0.0
    fade_left: int = 0
    slot: int = 0
    position: float = 0.0
    swap: Swap | None = None
    stays: bool = False  # takes no swap any more
    left: float = 0.0
    right: float = 0.0
    ratio: float = 1.0
    tone: float = 0.0
    weight: float = 0.0
    depth: float = 0.0  # of the vibrato, cents
    phase: float = 0.0  # turns
    turn: float = 0.0  # turns a frame
    waiting: list[Swap] = field(default_factory=list)
    amplitude: Real = field(default_factory=lambda: np.zeros(2))

    @property
    def side(self) -> Real:
        """Taps of the tone filter on either side, from the middle on."""
        return SIDES[self.sound.air > 0.0]

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
            goal, time = 0.0, self.release_time(pedal)
        level = goal + (self.level - goal) * 10.0 ** (-3.0 * room / max(time, 1.0))
        return room, goal if abs(level - goal) < SILENCE else level

    def room(self, frame: int) -> int:
        """Most frames of a segment that begins at `frame`."""
        steady = self.stage == "decay" and self.level == self.sound.sustain
        return SEGMENT - frame % SEGMENT if steady else SEGMENT

    def finish_stage(self, length: int, released: bool) -> None:
        """Enter the next stage where a segment of `length` frames ended the present one."""
        if self.stage == "attack" and self.level >= 1.0:
            self.stage = "decay"
        elif self.stage in ("decay", "release") and self.level < SILENCE:
            self.stage = "over"
        elif self.stage == "fade":
            self.fade_left -= length
            if self.fade_left <= 0:
                self.stage = "over" if released or self.swap is None else "attack"

    def begin(self, now: Channel) -> None:
        """Take the channel as it is."""
        self.left, self.right, self.ratio = now.left, now.right, now.ratio
        self.tone = self.weight = self.tone_for(now)
        self.phase = self.note.key * (5.0**0.5 - 1.0) / 2.0 % 1.0

    def tone_for(self, now: Channel) -> float:
        """Filter weight for velocity and pressure: 100 is neutral, less darkens, more brightens."""
        struck = self.sound.velocity_brightness * (self.note.velocity - 100) / 100
        brightness = np.clip(struck + self.sound.pressure_brightness * now.pressure, -1.0, 1.0)
        return float(-0.25 * brightness if brightness < 0.0 else -0.5 * brightness)

    def wave(self, step: float, slope: float, count: int) -> Real:
        """The next `count` frames, darker or brighter; silent before the start of the render."""
        side, reach = self.side, len(self.side)
        at = self.position + step * np.arange(-reach, count + reach)
        x = np.where(at < -2.0, 0.0, cubic(self.renders[self.slot], np.maximum(at, -2.0)))
        taps = np.array([*side[::-1], -2.0 * side.sum(), *side])
        weight = self.weight + slope * np.arange(count)
        filtered: Real = x[reach:-reach] + weight * np.convolve(x, taps, "valid")
        return filtered

    def vibrato(self, now: Channel, frame: int, room: int) -> float:
        """Speed factor for the next `room` frames: the depth grows around the delay, in 0.4 s."""
        wanted = now.bent(self.swings[self.slot])
        if self.sound.vibrato * wanted.depth == 0.0 and self.depth == 0.0:
            self.turn = 0.0
            return 1.0
        age = (frame - self.note.start) / self.sound.rate
        grown = min(max((age - wanted.delay) / 0.4 + 0.5, 0.0), 1.0)
        goal = self.sound.vibrato * wanted.depth * grown
        self.depth = smoothed(self.depth, goal, room, 0.03 * self.sound.rate)
        self.turn = wanted.rate / self.sound.rate
        middle = self.phase + self.turn * room / 2.0
        return float(2.0 ** (self.depth / 1200.0 * np.sin(2.0 * np.pi * middle)))

    def follow(self, now: Channel, frame: int, room: int) -> float:
        """Approach the channel for the next `room` frames; samples a frame."""
        rate = self.sound.rate
        self.ratio = smoothed(self.ratio, now.ratio, room, 0.003 * rate)
        self.left = smoothed(self.left, now.left, room, 0.005 * rate)
        self.right = smoothed(self.right, now.right, room, 0.005 * rate)
        self.tone = smoothed(self.tone, self.tone_for(now), room, 0.01 * rate)
        speed = self.note.speed * self.ratio * self.vibrato(now, frame, room)
        return float(np.floor(speed * 2.0**32) / 2.0**32)

    def hear_until(self, frame: int, past: float) -> bool:
        """Take swaps up to `frame`, `past` samples after `position`, but no stale or late one."""
        heard = False
        while self.waiting and self.waiting[0].frame <= frame:
            swap = self.waiting.pop(0)
            if not self.stays and swap.source == self.slot and self.position + past <= swap.at:
                self.swap, heard = swap, True
        return heard

    def uncut(self, frame: int, length: int, step: float) -> tuple[int, bool]:
        """Frames of a segment that are played, and whether letting go ends it there.

        Letting go cuts a segment: the envelope leaves its line where it is. So does a swap whose
        join lies within the segment, or behind.
        """
        cut = self.note.stop - frame
        interrupted = 0 < cut < length and self.stage in ("attack", "decay")
        count = min(cut if interrupted else length, self.to_join(step))
        while self.waiting and self.waiting[0].frame < frame + count:
            elapsed = self.waiting[0].frame - frame
            if self.hear_until(frame + elapsed, step * elapsed):
                count = min(count, max(self.to_join(step), elapsed))
        return count, interrupted and count == cut

    def to_join(self, step: float) -> int:
        """Frames until a pending swap is due."""
        return FAR if self.swap is None else max(int(-((self.position - self.swap.at) // step)), 0)

    def join(self) -> None:
        """Go on in the other render where the swap says so."""
        if self.swap is not None and self.position >= self.swap.at:
            self.slot = self.swap.slot
            self.position += self.swap.start - self.swap.at
            self.swap = None

    def stay_if_over_soon(self, pedal: float, step: float) -> None:
        """Take no swap, released, if it is over before its render is, with room to fade."""
        decades = np.log10(max(self.level / SILENCE, 1.0))
        rest = self.release_time(pedal) * decades / 3.0 + self.sound.fade + 2 * SEGMENT
        for_good = self.stays and self.level < 0.01
        fits = rest <= self.left_in_render(step)
        self.stays = self.stage == "release" and (for_good or fits)
        if self.stays:
            self.swap = None

    def release_time(self, pedal: float) -> float:
        """Frames for 60 dB, longer while the pedal half touches."""
        touch = min(max((pedal - 0.25) / 0.5, 0.0), 1.0)
        return max(self.sound.release * (1.0 + 8.0 * touch), 1.0)

    def left_in_render(self, step: float) -> int:
        """Frames until the samples of the present render run out."""
        return int((len(self.renders[self.slot]) - 3 - self.position) // step) - len(self.side)

    def ahead(self, step: float) -> tuple[int, int]:
        """Frames until the samples run out, and most frames of the next segment."""
        left = self.left_in_render(step)
        to_join = self.to_join(step)
        if self.swap is None or to_join > left:
            return left, left
        position = self.position + step * to_join + self.swap.start - self.swap.at
        beyond = int((len(self.renders[self.swap.slot]) - 3 - position) // step) - len(self.side)
        return to_join + max(beyond, 0), left

    def mind_the_end(self, ahead: int, released: bool) -> None:
        """Fade while samples run out; rise again when a swap brings more."""
        fade = self.sound.fade
        if self.stage == "fade" and not released and ahead > fade + RESUME:
            self.stage = "attack"
        if ahead < 1:
            self.stage = "over"
        elif self.stage == "fade":
            self.fade_left = min(self.fade_left, ahead)
        elif ahead <= fade + SEGMENT:
            self.stage, self.fade_left = "fade", min(ahead, fade)


def note_alone(
    note: Note,
    sound: Sound,
    renders: Sequence[Real],
    swings: Sequence[Swing],
    swaps: Sequence[Swap],
    channel_at: Callable[[int], Channel],
    frames: int,
) -> Real:
    """One note before shelf and limiter, [2, frames]. Renders are complete; it starts in the first.

    `swings` are the vibrato of each render.
    `swaps` are those that name it, in the order of their frames.
    """
    out = np.zeros((2, frames))
    voice = Voice(note, sound, renders, swings, waiting=list(swaps))
    voice.begin(channel_at(note.start))
    frame = note.start
    while frame < frames:
        now = channel_at(frame)
        voice.hear_until(frame, 0.0)
        voice.join()
        if voice.stage in ("attack", "decay") and frame >= note.stop:
            voice.stage = "release"
        room = voice.room(frame)
        step = voice.follow(now, frame, room)
        voice.stay_if_over_soon(now.pedal, step)
        ahead, longest = voice.ahead(step)
        voice.mind_the_end(ahead, frame >= note.stop)
        if voice.stage == "over":
            break
        length, level = voice.envelope(now.pedal, min(room, longest))
        count, interrupted = voice.uncut(frame, length, step)
        goal = note.gain * level * np.array([voice.left, voice.right])
        slope = (goal - voice.amplitude) / length
        tone_slope = (voice.tone - voice.weight) / length
        inside = np.arange(count, dtype=np.float64)
        heard = min(count, frames - frame)
        wave = voice.wave(step, tone_slope, count)[:heard]
        lines = voice.amplitude[:, None] + slope[:, None] * inside[None, :heard]
        out[:, frame : frame + heard] += wave * lines
        voice.amplitude = voice.amplitude + slope * count
        voice.weight += tone_slope * count
        voice.level = (
            level if count == length else voice.level + (level - voice.level) * count / length
        )
        voice.position += step * count
        voice.phase += voice.turn * count
        frame += count
        if not interrupted:
            voice.finish_stage(count, frame >= note.stop)
    return out
