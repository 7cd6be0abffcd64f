"""Samples in half the bytes: 16 bits each, and a scale for every pack of them.

Block floating point, as old broadcast lines used it: the scale of a pack is the least power of two
that its loudest sample fits, so the rounding stays 95 dB or more below that sample, however quiet
the sound is. Packs begin at fixed places, so how samples arrive changes no bit. NaN and Inf live on
in the scale. In slots a pack has `PACK` samples.
"""

import math

import numpy as np
from numba import float32, int16
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled_entry, compiled_part

LOG_PACK = 7
PACK = 1 << LOG_PACK  # samples that share a scale: 2.7 ms at 48 kHz
BITS = 15  # beside the sign
LARGEST = np.float32((1 << BITS) - 1)
SILENT = np.float32(1e-30)  # quieter packs are 0: nobody meets denormals
ZERO = np.float32(0.0)

Floats = NDArray[np.float32]
Packed = NDArray[np.int16]


@compiled_entry(float32[::1], int16[::1], float32[::1])
def pack(samples: Floats, packed: Packed, scales: Floats) -> None:
    """Round `samples` [n] into `packed` [n], with `scales` [packs], which all have equally many."""
    size = len(packed) // max(len(scales), 1)
    for number in range(len(scales)):
        first = number * size
        source, target = samples[first : first + size], packed[first : first + size]
        peak, check = ZERO, ZERO
        for i in range(size):
            peak = max(peak, abs(source[i]))
            check += source[i] * ZERO
        if check != ZERO:
            scales[number] = check
            peak = ZERO
        else:
            scales[number] = ZERO
        if peak > SILENT:
            exponent = math.frexp(peak)[1] - BITS
            scales[number] = np.float32(math.ldexp(1.0, exponent))
            up = np.float32(math.ldexp(1.0, -exponent))
            for i in range(size):
                target[i] = np.int16(max(min(np.rint(source[i] * up), LARGEST), -LARGEST))
        else:
            for i in range(size):
                target[i] = 0


@compiled_part
def unpack(packed: Packed, scales: Floats, first: int, samples: Floats, count: int) -> bool:
    """Fill samples[:count] from packed sample `first` on; False if one is NaN or Inf."""
    check = ZERO
    done = 0
    while done < count:
        here = first + done
        run = min(count - done, PACK - (here & (PACK - 1)))
        scale = scales[here >> LOG_PACK]
        check += scale * ZERO
        source = packed[here : here + run]  # indices from 0 on can be vectorised
        target = samples[done : done + run]
        for i in range(run):
            target[i] = np.float32(source[i]) * scale
        done += run
    return bool(check == ZERO)


def packed_bytes(samples: int, size: int = PACK) -> int:
    """Memory that so many samples take in packs of `size`."""
    packs = -(-samples // size)
    return packs * (2 * size + 4)


def unpacked(packed: Packed, scales: Floats) -> Floats:
    """The samples [n] of all packs again, as voices read them."""
    samples: Floats = (packed.reshape(len(scales), -1) * scales[:, np.newaxis]).ravel()
    return samples
