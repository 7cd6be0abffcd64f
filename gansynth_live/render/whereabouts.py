"""Where a sounding voice is in its note, and what lies ahead of it, in samples and in seconds."""

from math import ceil
from typing import Any, NamedTuple, TypeAlias

from gansynth_live.kernel.layout import ONE
from gansynth_live.render.passage import Passage

Record: TypeAlias = Any  # one voice of the machine (VOICE)


class Whereabouts(NamedTuple):
    """Translates between a machine's voices and the samples of the model.

    Attributes:
        device_rate, rate: of the machine and of the model, Hz.
    """

    device_rate: int
    rate: int

    def soonest(self, record: Record, passage: Passage, lead: float) -> int:
        """The first sample, at the model's rate, that a voice can go on at in `lead` seconds."""
        sample = position(record, passage) + lead * self.device_rate * _speed(record)
        return ceil(sample * self.rate / self.device_rate)

    def seconds_until(self, record: Record, passage: Passage, start: int) -> float:
        """Seconds until a voice reaches sample `start` of its note, at the model's rate."""
        sample = start * self.device_rate / self.rate
        return self.seconds_for(record, sample - position(record, passage))

    def seconds_for(self, record: Record, samples: float) -> float:
        """How long a voice plays so many samples at the device's rate."""
        return float(samples / (self.device_rate * _speed(record)))


def position(record: Record, passage: Passage) -> float:
    """Sample of the note, at the device's rate, that a voice is at."""
    return float(passage.base + record["position"] / ONE)


def _speed(record: Record) -> float:
    """Samples that it moves a frame."""
    return float(record["rate"] * record["ratio"])
