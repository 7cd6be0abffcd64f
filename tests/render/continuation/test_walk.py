"""How a held note goes on."""

import sys
from collections.abc import Iterator
from threading import Barrier, Thread

import numpy as np
import pytest

from gansynth_live.render.continuation.walk import Walk
from gansynth_live.render.continuation.zone import Zone

ZONE = Zone(heard=1, struck=13, start=19, stop=95)
THREADS, FRAMES = 4, 4000


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as the interpreter lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("seed", range(10))
def test_a_walk_that_several_threads_ask_for_is_that_of_its_seed(seed: int) -> None:
    walk, together = Walk(ZONE, seed), Barrier(THREADS)

    def ask() -> None:
        together.wait()
        for stop in range(100, FRAMES, 7):
            walk.places(0, stop)

    threads = [Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = Walk(ZONE, seed).places(0, FRAMES)
    np.testing.assert_array_equal(walk.places(0, FRAMES), expected)
