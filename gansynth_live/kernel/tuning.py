"""Where a key sounds: at the pitch of its part's tuning, in the render of the nearest whole one.

Rows of the table of keys are pitches of twelve equal steps, whatever the tuning. So a part's keys
may be tuned anew without a word to the renderer, and no render is read at more than half a semitone
from its own pitch while the model has that.
"""

from collections.abc import Mapping, Sequence
from math import floor

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import KEYS, PARTS, UNMAPPED, Record
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.settings import PartSettings, value_of
from gansynth_live.parameters.parameter import Value
from gansynth_live.parameters.table import TUNING, keys_of
from gansynth_live.tuning.keys import tuned_keys

LOWEST, HIGHEST = 0.0, KEYS - 1.0  # pitches; what leaves them by tuning or transposition stays
FAR = 1000.0  # semitones: no key needs to be tuned further from 0


@compiled
def is_mapped(memory: Memory, part: int, key: int) -> bool:
    """Whether the tuning of a part has a pitch for a key."""
    return bool(memory.tuned[part * KEYS + key] != UNMAPPED)


@compiled
def pitch_of(memory: Memory, part: int, key: int) -> float:
    """The pitch of a key of a part that is mapped, transposed."""
    tuned = memory.tuned[part * KEYS + key] + memory.parts[part].transpose
    return float(min(max(tuned, LOWEST), HIGHEST))


@compiled
def row_of(part: int, pitch: float) -> int:
    """Row of the table of keys that a pitch starts from: the nearest."""
    return int(part * KEYS + int(pitch + 0.5))


@compiled
def detune(pitch: float) -> float:
    """Speed factor from the nearest whole pitch."""
    return float(2.0 ** ((pitch - int(pitch + 0.5)) / 12.0))


@compiled
def tune_voice(voice: Record, part: int, pitch: float) -> None:
    """Let a voice of a part play a pitch: from which row it starts, and how much faster."""
    voice.pitch = pitch
    voice.row = row_of(part, pitch)
    voice.rate = detune(pitch)


class Tunings:
    """The tunings of all parts: what the kernel reads, and Python.

    Args:
        values: parameters of all parts, by id.
        parts: with what differs in each.
        tuned: [16 * 128] to be filled: the pitch of each key of each part, or UNMAPPED.
    """

    def __init__(
        self,
        values: Mapping[str, Value],
        parts: Sequence[PartSettings],
        tuned: NDArray[np.float64],
    ) -> None:
        ids = [each.id for each in keys_of(TUNING).values()]
        self._values = [
            {name: value_of({**values, **part.values}, name) for name in ids} for part in parts
        ]
        self._transposes = [part.transpose for part in parts]
        self._tuned = tuned
        tuned[:] = np.tile(np.arange(KEYS), PARTS)
        for part in range(len(parts)):
            self._tune(part)

    def change(self, part: int, parameter: str, value: Value) -> None:
        """Tune a part otherwise. Notes that sound keep their pitch."""
        self._values[part][parameter] = value
        self._tune(part)

    def pitch_of(self, part: int, key: int) -> int | None:
        """The whole pitch from whose render a key of a part starts; None: it is silent."""
        tuned = float(self._tuned[part * KEYS + key])
        if tuned == UNMAPPED:
            return None
        return floor(min(max(tuned + self._transposes[part], LOWEST), HIGHEST) + 0.5)

    def apart(self) -> "Tunings":
        """The same, as they are now, for the eyes of Python alone."""
        copy = Tunings({}, (), np.zeros_like(self._tuned))
        copy._values = [dict(values) for values in self._values]
        copy._transposes = self._transposes
        copy._tuned[:] = self._tuned
        return copy

    def _tune(self, part: int) -> None:
        scale, keyboard_map, a4 = self._values[part].values()
        pitches = [
            UNMAPPED if pitch is None else min(max(pitch, -FAR), FAR)
            for pitch in tuned_keys(scale, keyboard_map, a4)
        ]
        self._tuned[part * KEYS : (part + 1) * KEYS] = pitches
