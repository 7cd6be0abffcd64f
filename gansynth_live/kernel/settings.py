"""How the instrument is set up: in the player's units, and as the kernel keeps it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.layout import CHANNELS, SETTINGS
from gansynth_live.units import db_to_gain

TIMES = ("attack", "decay", "release", "fade")
LEVELS_IN_DB = {"gain_db": "master_gain", "ceiling_db": "ceiling"}


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


@dataclass(frozen=True)
class Settings:
    """What a player may set. Times in seconds, levels in dB, sustain 0..1, brightness -1..1.

    How much velocity and pressure brighten: 0..1. Vibrato: factor on the depth of every swing.
    Channels that are heard: 1..16; none given means all.
    """

    attack: float = 0.002
    decay: float = 0.1
    sustain: float = 1.0
    release: float = 0.4
    fade: float = 0.008
    polyphony: int = 128
    voices_per_key: int = 4
    bend_range: float = 2.0
    gain_db: float = 0.0
    ceiling_db: float = -1.0
    brightness: float = 0.0
    brightness_control: int = 74
    velocity_curve: float = 1.6
    velocity_brightness: float = 0.3
    pressure_brightness: float = 0.5
    vibrato: float = 1.0
    half_pedal: bool = False
    invert_pedals: bool = False
    active_sensing: bool = True
    channels: tuple[int, ...] = ()

    def kernel_values(self, sample_rate: int) -> dict[str, float]:
        """Every kernel setting by name; times become frames, levels amplitudes."""
        heard = sum({1 << channel - 1 for channel in self.channels or ALL_CHANNELS})
        values = {"sample_rate": float(sample_rate), "channels": float(heard)}
        for name in SETTINGS:
            if name in values:
                continue
            if name in TIMES:
                values[name] = getattr(self, name) * sample_rate
            elif hasattr(self, name):
                values[name] = float(getattr(self, name))
        for name, setting in LEVELS_IN_DB.items():
            values[setting] = db_to_gain(getattr(self, name))
        return values

    def velocity_gains(self) -> NDArray[np.float64]:
        """[128] amplitude for each velocity: a power curve, 1 at 127."""
        gains: NDArray[np.float64] = (np.arange(128) / 127.0) ** self.velocity_curve
        return gains
