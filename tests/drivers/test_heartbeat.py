"""A stream is alive while its counter moves, and a goodbye never takes long."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.drivers.heartbeat import (
    LONGEST_LOOK_SECONDS,
    PATIENCE_BLOCKS,
    PATIENCE_SECONDS,
    Heartbeat,
    goodbye,
)


class Clock:
    """Seconds and blocks that a test moves by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.blocks = 0


def beating(clock: Clock, block_seconds: float) -> Heartbeat:
    return Heartbeat(lambda: clock.blocks, block_seconds, lambda: clock.seconds)


def watch(clock: Clock, heart: Heartbeat, seconds: float) -> None:
    """Look so often for so long that no moment is missed."""
    looks = int(seconds / LONGEST_LOOK_SECONDS) + 1
    for _ in range(looks):
        clock.seconds += (seconds + 1e-6) / looks
        heart.is_beating()


@given(block_seconds=st.floats(0.0005, 0.2), late=st.floats(0.0, 7.9))
def test_late_blocks_are_not_a_death(block_seconds: float, late: float) -> None:
    clock = Clock()
    heart = beating(clock, block_seconds)
    for _ in range(5):
        clock.seconds += late * block_seconds
        assert heart.is_beating()
        clock.blocks += 1
        assert heart.is_beating()


@given(block_seconds=st.floats(0.0005, 0.2), blocks=st.integers(0, 5))
def test_silence_is_noticed_at_once_after_the_patience(block_seconds: float, blocks: int) -> None:
    clock = Clock()
    heart = beating(clock, block_seconds)
    for _ in range(blocks):
        clock.seconds += block_seconds
        clock.blocks += 1
        assert heart.is_beating()
    watch(clock, heart, max(PATIENCE_SECONDS, PATIENCE_BLOCKS * block_seconds))
    assert not heart.is_beating()


def test_a_stream_that_comes_back_beats_again() -> None:
    clock = Clock()
    heart = beating(clock, 0.001)
    watch(clock, heart, 1.0)
    assert not heart.is_beating()
    clock.blocks += 1
    assert heart.is_beating()


@given(pause=st.floats(0.0, 1e6))
def test_a_pause_of_the_watcher_is_no_death_of_the_stream(pause: float) -> None:
    clock = Clock()
    heart = beating(clock, 0.001)
    clock.seconds += pause
    assert heart.is_beating()
    watch(clock, heart, PATIENCE_SECONDS)
    assert not heart.is_beating()


def test_a_goodbye_that_hangs_is_left_alone() -> None:
    never = threading.Event()
    assert not goodbye(never.wait, seconds=0.05)
    never.set()


def test_a_goodbye_that_returns_is_done() -> None:
    said: list[str] = []
    assert goodbye(lambda: said.append("bye"))
    assert said == ["bye"]


def test_the_complaints_of_a_dying_device_are_not_passed_on() -> None:
    assert goodbye(lambda: 1 // 0)
