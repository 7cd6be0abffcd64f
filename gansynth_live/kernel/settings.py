"""From parameters, in the player's units, to the kernel's settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import cos, pi, sin, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.layout import CHANNELS, KEYS
from gansynth_live.parameters.parameter import Parameter, Value
from gansynth_live.parameters.row import DECIBELS, SECONDS, Home
from gansynth_live.parameters.table import PARAMETERS, kernel_settings
from gansynth_live.units import db_to_gain


class Vibrato(NamedTuple):
    """How the pitch of an instrument swings; as here, it does not until a controller deepens it.

    Attributes:
        rate: Hz.
        depth: cents to either side.
        delay: seconds from the note-on until it is half as deep.
    """

    rate: float = 5.0
    depth: float = 0.0
    delay: float = 0.3


NO_VIBRATO = Vibrato()
ALL_CHANNELS = range(1, CHANNELS + 1)
SYSTEM = 0xF0  # from this status byte on a message is for all channels


@dataclass(frozen=True)
class PartSettings:
    """Which keys play a part, and what differs there from the other parameters.

    Attributes:
        channels: 1..16; none given means all.
        low: the lowest key that plays it, and `high` the highest, 0..127.
        transpose: semitones; pitches that leave 0..127 by it are the last one inside.
        values: parameters of its own, by id; the others are those of the machine.
    """

    channels: tuple[int, ...] = ()
    low: int = 0
    high: int = KEYS - 1
    transpose: int = 0
    values: Mapping[str, Value] = field(default_factory=dict)

    def plays(self, channel: int, key: int) -> bool:
        """Whether a key of a channel (0..15) plays it."""
        return passes(channel, _mask(self.channels)) and self.low <= key <= self.high

    def hears(self, status: int) -> bool:
        """Whether a message with this status byte is for it; those of the system are for all."""
        return passes(status, _mask(self.channels))

    def kernel_keys(self) -> dict[str, float]:
        """Which keys play it, as its record (PART) says."""
        keys = {"low": self.low, "high": self.high, "transpose": self.transpose}
        return {"channels": _mask(self.channels), **keys}


EVERYTHING = PartSettings()


def machine_numbers(
    values: Mapping[str, Value], sample_rate: int, slot_rate: int
) -> dict[str, float]:
    """Every kernel setting of all parts (SETTINGS) by name.

    Args:
        values: parameters by id; those that are left out are as by default.
        sample_rate: of the device, Hz.
        slot_rate: of the renders, Hz.
    """
    return {
        **_numbers((Home.MACHINE, Home.SET_UP), values, sample_rate),
        "channels": float(_mask(value_of(values, "midi.channels"))),
        "sample_rate": float(sample_rate),
        "slot_speed": slot_rate / sample_rate,
    }


def part_numbers(values: Mapping[str, Value], sample_rate: int) -> dict[str, float]:
    """Every number of a part's record (PART) that follows from parameters (by id)."""
    gain, pan = db_to_gain(value_of(values, "part.level_db")), value_of(values, "part.pan")
    angle = pi / 4.0 * (1.0 + pan)
    left, right = (sqrt(2.0) * cos(angle), sqrt(2.0) * sin(angle)) if pan else (1.0, 1.0)
    return {
        "left": gain * left,
        "right": gain * right,
        **_numbers((Home.PART,), values, sample_rate),
    }


def velocity_gains(values: Mapping[str, Value]) -> NDArray[np.float64]:
    """[128] amplitude for each velocity: a power curve, 1 at 127."""
    curve = value_of(values, "voice.velocity_curve")
    gains: NDArray[np.float64] = (np.arange(128) / 127.0) ** curve
    return gains


def number_of(parameter: Parameter, value: Value, sample_rate: int) -> float:
    """A value in the kernel's units: times in frames, levels as amplitudes, choices counted."""
    if parameter.choices:
        return float(parameter.choices.index(value))
    if parameter.row.as_it_is:
        return float(value)
    if parameter.row.unit == SECONDS:
        return float(value * sample_rate)
    if parameter.row.unit == DECIBELS:
        return db_to_gain(value)
    return float(value)


def value_of(values: Mapping[str, Value], parameter: str) -> Value:
    """A parameter's value, or its default."""
    return values[parameter] if parameter in values else PARAMETERS[parameter].default


def _numbers(
    homes: tuple[Home, ...], values: Mapping[str, Value], sample_rate: int
) -> dict[str, float]:
    """Kernel settings by name."""
    return {
        name: number_of(parameter, value_of(values, parameter.id), sample_rate)
        for name, parameter in kernel_settings(*homes).items()
    }


def passes(status: int, channels: int) -> bool:
    """Whether a message with a status byte is for one of `channels` (bit 0 is channel 1).

    Those of the system are for all.
    """
    return status >= SYSTEM or bool(channels >> (status & 0x0F) & 1)


def _mask(channels: Iterable[int]) -> int:
    """Bit 0 for channel 1; none given means all."""
    return sum({1 << channel - 1 for channel in tuple(channels) or ALL_CHANNELS})
