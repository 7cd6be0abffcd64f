"""PortAudio's call-back, compiled: a block of sound, interleaved.

RT: no Python at run time.
"""

import sys
from typing import Any

import numpy as np
from numba import carray, types

from gansynth_live.engine.process import process
from gansynth_live.kernel.atomics import pointer_at
from gansynth_live.kernel.compile import compiled_callback
from gansynth_live.kernel.layout import BLOCK_MAX
from gansynth_live.kernel.memory import Memory, memory_from

TABLE_LENGTH = 2 * len(Memory._fields)
UNDERFLOW = 0x4  # paOutputUnderflow

STREAM = np.dtype(
    [
        ("table", "i8"),  # address of the machine's table of addresses
        ("channels", "i8"),  # of the device: 1 or 2
        ("left", "f4", BLOCK_MAX),
        ("right", "f4", BLOCK_MAX),
    ]
)

_C_LONG = types.uint32 if sys.platform == "win32" else types.uint64
_SIGNATURE = types.int32(
    types.voidptr, types.voidptr, _C_LONG, types.voidptr, _C_LONG, types.voidptr
)


@compiled_callback(_SIGNATURE)
def portaudio_process(_in: Any, out: Any, frames: int, _time: Any, flags: int, user: Any) -> int:
    """PaStreamCallback for float32, stereo or their mean; `user` is the address of a STREAM."""
    stream = carray(user, (1,), STREAM)[0]
    memory = memory_from(carray(pointer_at(stream.table), (TABLE_LENGTH,), np.int64))
    # Slices are plain arrays; for the arrays of a record `process` would be compiled once more.
    left, right = stream.left[:], stream.right[:]
    channels = stream.channels
    block = carray(out, (frames, channels), np.float32)
    done = 0
    while done < frames:
        count = min(frames - done, BLOCK_MAX)
        process(memory, left, right, count)
        for frame in range(count):
            if channels == 1:
                block[done + frame, 0] = np.float32(0.5) * (left[frame] + right[frame])
            else:
                block[done + frame, 0] = left[frame]
                block[done + frame, 1] = right[frame]
        done += count
    memory.status[0].callbacks += 1
    if flags & UNDERFLOW:
        memory.status[0].xruns += 1
    return 0
