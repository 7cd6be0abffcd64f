import platform
import subprocess
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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is resident")
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep less")
def test_a_large_block_does_not_make_the_heap_keep_what_is_freed() -> None:
    program = (
        "import numpy as np; from gansynth_live.heap import stay_small;"
        "from gansynth_live.bench.resident import resident_mib; stay_small();"
        "large = np.ones(20 << 20, np.uint8); del large; before = resident_mib();"
        "blocks = [np.ones(1 << 16, np.uint8) for _ in range(400)]; del blocks;"
        "print(resident_mib() - before)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert float(run.stdout) < 12.5, "MiB, of 25 that were freed"
