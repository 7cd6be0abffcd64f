"""How Python waits for the callback: in compiled code, and with fewer looks when nobody plays.

To wake up is what costs, and an idle instrument should leave the machine alone. What is touched
after a second of calm is heard of up to 3 ms later than while somebody plays.
"""

from numba import int64

from gansynth_live.kernel.atomics import load_acquire
from gansynth_live.kernel.compile import compiled_entry
from gansynth_live.kernel.layout import S_SAMPLE_RATE
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.memory import HEAD, MEMORY, TAIL, WAITS, WOKEN, Memory
from gansynth_live.kernel.nap import nap

# Microseconds between two looks at the messages: little of the 40 ms from a knob to its sound.
LOOK, IDLE_LOOK = 2000, 5000
IDLE_AFTER = 1.0  # seconds without a message


def wait_for_news(machine: Machine, seconds: float) -> None:
    """Sleep until the callback has performed something or waits at the gate, or `Machine.wake`.

    It takes one look's time at least, and `seconds` at most. The interpreter is free meanwhile.
    """
    _wait(machine.memory, round(seconds * 1e6))


@compiled_entry(MEMORY, int64)
def _wait(memory: Memory, microseconds: int) -> None:
    cursor, performed = memory.performed_cursor, memory.performed
    newest = performed[(cursor[TAIL] - 1) & (len(performed) - 1)]
    calm = memory.status[0].frame - newest.frame
    is_idle = calm > IDLE_AFTER * memory.settings[S_SAMPLE_RATE]
    look = min(IDLE_LOOK if is_idle else LOOK, microseconds)
    while microseconds > 0:
        nap(look)
        if load_acquire(cursor, WOKEN) != 0:
            cursor[WOKEN] = 0
            return
        if load_acquire(cursor, HEAD) != cursor[TAIL] or load_acquire(memory.gate, WAITS) != 0:
            return
        microseconds -= look
