"""The memory of an instrument that rests: copied without stopping it, and put into another one.

While no voice sounds, no effect rings and no message comes, nothing in it moves but the count of
frames. So a copy is whole though the callback goes on.
"""

import zlib
from collections.abc import Mapping
from hashlib import sha256

import numpy as np

from gansynth_live.kernel.layout import FREE
from gansynth_live.kernel.machine import Machine

KEPT = (
    *("status", "settings", "velocity_gain", "tuned", "voices", "channels"),
    *("bus", "parts", "rack", "controls", "lines"),
)
QUICK = 1  # level of compression
OF_PLAYERS = ("channels",)  # what has no unit of a device: it fits every rate


def is_at_rest(machine: Machine) -> bool:
    """Whether nothing sounds, waits to sound, or rings."""
    return not machine.rings and bool((machine.memory.voices["stage"] == FREE).all())


def layout_of(machine: Machine) -> str:
    """What a copy must have in common with a machine to fit it: all sizes and fields."""
    memory = machine.memory._asdict()
    shapes = [(name, memory[name].shape, str(memory[name].dtype.descr)) for name in KEPT]
    return sha256(repr((machine.sample_rate, shapes)).encode()).hexdigest()[:16]


def capture(machine: Machine) -> dict[str, bytes]:
    """A copy of all that the next sound depends on, packed, by the names of its arrays."""
    memory = machine.memory._asdict()
    return {name: zlib.compress(memory[name].tobytes(), QUICK) for name in KEPT}


def restore(machine: Machine, keyframe: Mapping[str, bytes], *, exactly: bool = True) -> None:
    """Be as a copy says, in a machine that has not begun; else only what has no unit of a device.

    Raises:
        ValueError: a copy is damaged or has another size.
    """
    memory = machine.memory._asdict()
    for name in KEPT if exactly else OF_PLAYERS:
        array = memory[name]
        try:
            raw = zlib.decompressobj().decompress(keyframe[name], array.nbytes + 1)
        except (zlib.error, KeyError) as error:
            raise ValueError(f"its copy of the {name} is damaged") from error
        if len(raw) != array.nbytes:
            raise ValueError(f"its copy of the {name} has another size")
        array[:] = np.frombuffer(raw, array.dtype)
