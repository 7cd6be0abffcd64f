"""Small machines whose parts send to effects."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import PartSettings
from tests.kernel.small import RATE, ROOT, by_id, load, play, press, turn


def wet_machine(
    parts: Sequence[PartSettings], frames: int = 12000, rate: int = RATE, **set_up: float
) -> Machine:
    """A machine with two slots of `frames` samples; `set_up`: parameters that matter, by key."""
    plain = {"polyphony": 8, "velocity_curve": 1.0, "velocity_brightness": 0.0}
    dry = {"spread": 0.0, "plate": 0.0}
    return Machine(rate, by_id({**plain, **dry, **set_up}), 2, frames / rate, parts)


def sending(**levels: float) -> PartSettings:
    """A part for everything that sends so much to effects (plate, ensemble, delay)."""
    return PartSettings(values={f"effects.{name}": level for name, level in levels.items()})


def answer(
    effect: str, sound: NDArray[np.float32], rate: int, **set_up: float
) -> NDArray[np.float32]:
    """What an effect adds to a part that plays `sound` [frames], and that part: [2, 2, frames].

    `set_up`: parameters that matter.
    """
    heard = []
    for level in (1.0, 0.0):
        machine = wet_machine(
            [sending(**{effect: level})], len(sound), rate, attack=0.0, ceiling_db=80.0, **set_up
        )
        load(machine, sound)
        turn(machine, 7, 127)
        press(machine, ROOT)
        heard.append(play(machine, len(sound)))
    wet, dry = heard
    return np.stack([wet - dry, dry])
