import sys

import numpy as np
import pytest

from gansynth_live.bench.resident import resident_mib
from gansynth_live.heap import give_back

BLOCK = 1 << 16  # bytes: small enough to lie in the heap, not in pages of its own
COUNT = 2000


def test_it_can_be_asked_anywhere() -> None:
    give_back()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is resident")
def test_freed_memory_is_no_longer_resident() -> None:
    blocks = [np.ones(BLOCK, np.uint8) for _ in range(COUNT)]
    kept = blocks[::50]  # among the others, so that the heap cannot simply shrink
    full = resident_mib() or 0.0
    del blocks
    give_back()
    assert (resident_mib() or 0.0) < full - 0.8 * BLOCK * (COUNT - len(kept)) / 2**20
