"""A sounding voice as it is at one moment, and how far that is from other moments of its note."""

from math import ceil
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from gansynth_live.kernel.layout import FADE, ONE, RELEASE, STARVED, VOICE
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.continuation.passage import Passage

# What of a voice is looked at (fields of `layout.VOICE`).
FIELDS = (
    *("index", "serial", "part", "stage", "slot", "stays", "position"),
    *("rate", "ratio", "glide", "glide_left"),
)
seen = itemgetter(*map((VOICE.names or ()).index, FIELDS))


class VoiceView(NamedTuple):
    """What the machine says of a voice, in the order of `FIELDS`."""

    voice: int
    serial: int
    part: int
    stage: int
    slot: int
    stays: int
    position: int
    rate: float
    ratio: float
    glide: float = 0.0
    glide_left: float = 0.0

    @property
    def is_fading(self) -> bool:
        """Whether it will be silent in a moment."""
        return self.stage == FADE

    @property
    def is_released(self) -> bool:
        """Whether its note has ended."""
        return self.stage == RELEASE

    @property
    def speed(self) -> float:
        """Samples of its slot that it moves a frame, at most until a glide has ended."""
        most: float = 2.0 ** (max(self.glide * self.glide_left, 0.0) / 12.0)
        return self.rate * self.ratio * most


class VoiceReader:
    """Reads the machine's voices into plain numbers: of NumPy's records every answer is slow.

    The callback may be writing: a field is whole, a view may show two different moments.
    """

    def __init__(self, machine: Machine) -> None:
        self._voices = machine.memory.voices.view(np.ndarray)
        self._stages = self._voices["stage"]

    def sounding(self) -> list[VoiceView]:
        """All that hold a slot; those that starve are silent for the moment."""
        voices = self._voices[self._stages >= STARVED]  # a copy
        return [VoiceView(*seen(values)) for values in voices.tolist()]

    def look(self, voice: int, serial: int) -> VoiceView | None:
        """One voice, if it still plays note `serial`."""
        view = VoiceView(*seen(self._voices[voice : voice + 1].copy().tolist()[0]))
        return view if view.serial == serial and view.stage >= STARVED else None


class Timing(NamedTuple):
    """Translates between samples of the device, samples of the inversion, and seconds.

    Attributes:
        device_rate, rate: of the machine and of the inversion, Hz.
    """

    device_rate: int
    rate: int

    def place(self, view: VoiceView, passage: Passage) -> float:
        """Sample of the note, at the device's rate, that a voice on `passage` is at."""
        return passage.base + view.position / ONE

    def soonest(self, view: VoiceView, passage: Passage, lead: float) -> int:
        """The first sample, at the inversion's rate, where a voice can go on in `lead` seconds."""
        sample = self.place(view, passage) + lead * self.device_rate * view.speed
        return ceil(sample * self.rate / self.device_rate)

    def seconds_until(self, view: VoiceView, passage: Passage, start: int) -> float:
        """Seconds until a voice reaches sample `start` of its note, at the inversion's rate."""
        sample = start * self.device_rate / self.rate
        return self.seconds_for(view, sample - self.place(view, passage))

    def seconds_for(self, view: VoiceView, samples: float) -> float:
        """How long a voice plays so many samples at the device's rate."""
        return samples / (self.device_rate * view.speed)
