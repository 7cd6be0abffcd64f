"""A clean start: what an instrument does before an output plays it, when nobody hears it."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.engine.dispatch import reset_all
from gansynth_live.kernel.atomics import load_acquire, store_release
from gansynth_live.kernel.compile import compiled, compiled_entry
from gansynth_live.kernel.effects.rack import forget
from gansynth_live.kernel.layout import FREE
from gansynth_live.kernel.memory import HEAD, MEMORY, TAIL, Memory
from gansynth_live.kernel.stages import free_voice


@compiled_entry(MEMORY)
def restart(memory: Memory) -> None:
    """End every voice and echo without a fade, drop the messages that wait, and reset all channels.

    Renders stay. Only while no output calls `process`: this is done in its place.
    """
    _drop_all(memory.port_cursor)
    _drop_all(memory.jack_cursor)
    reset_all(memory, memory.status[0].frame)
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage != FREE:
            free_voice(memory, voice)
    forget(memory)
    memory.status[0].voices = 0


@compiled
def _drop_all(cursor: NDArray[np.int64]) -> None:
    store_release(cursor, TAIL, load_acquire(cursor, HEAD))
