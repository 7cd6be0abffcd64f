"""Rings: order kept, nothing lost, a full ring refuses, also between two threads."""

from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled_entry
from gansynth_live.kernel.crossing import put
from gansynth_live.kernel.layout import COMMAND, EVENT
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.ring import commit, drop_front, free_place, front, waiting
from tests.kernel.small import NOTE_ON, play, small_machine


@compiled_entry()
def consume(ring: NDArray[np.record], cursor: NDArray[np.int64], count: int) -> int:
    """Read `count` records; how many were not the next one, in every field."""
    wrong = 0
    for number in range(count):
        while waiting(cursor) == 0:
            pass
        record = ring[front(ring, cursor)]
        right = record.frame == number and record.status == -number
        wrong += not (right and record.data1 == 3 * number and record.data2 == number % 7)
        drop_front(cursor)
    return wrong


@compiled_entry()
def produce(ring: NDArray[np.record], cursor: NDArray[np.int64], count: int) -> int:
    """Write `count` records; how often the ring was full."""
    refused = 0
    for number in range(count):
        place = free_place(ring, cursor)
        while place < 0:
            refused += 1
            place = free_place(ring, cursor)
        record = ring[place]
        record.frame = number
        record.status = -number
        record.data1 = 3 * number
        record.data2 = number % 7
        commit(cursor)
    return refused


def empty(size: int) -> tuple[NDArray[np.record], NDArray[np.int64]]:
    return np.zeros(size, EVENT), np.zeros(16, np.int64)


@pytest.mark.parametrize(("size", "count"), [(2, 10_000), (64, 300_000)])
def test_two_threads(size: int, count: int) -> None:
    """A producer and a consumer without the GIL, on a ring far smaller than what passes it."""
    ring, cursor = empty(size)
    wrong: list[int] = []
    produce(*empty(2), 1)
    consumer = Thread(target=lambda: wrong.append(consume(ring, cursor, count)))
    consumer.start()
    produce(ring, cursor, count)
    consumer.join()
    assert wrong == [0]


def test_python_produces() -> None:
    """Python's own way into the rings, against the compiled consumer."""
    ring, cursor = empty(128)
    wrong: list[int] = []
    count = 20_000
    consumer = Thread(target=lambda: wrong.append(consume(ring, cursor, count)))
    consumer.start()
    for number in range(count):
        while not put(ring, cursor, (number, -number, 3 * number, number % 7, number)):
            pass
    consumer.join()
    assert wrong == [0]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=40))
def test_any_rhythm_of_writes_and_reads(rhythm: list[int]) -> None:
    """Bursts into a ring of 8, then reads of as many: wraps around, refuses exactly when full."""
    ring, cursor = empty(8)
    model: list[int] = []
    sent = taken = 0
    for turn, burst in enumerate(rhythm):
        for _ in range(burst):
            if turn % 2 == 0:
                accepted = put(ring, cursor, (sent, -sent, 3 * sent, sent % 7, sent))
                assert accepted == (len(model) < 8)
                if accepted:
                    model.append(sent)
                    sent += 1
            elif model:
                record = ring[int(cursor[8]) & 7]
                assert record.frame == model.pop(0)
                cursor[8] += 1
                taken += 1
    assert sent - taken == len(model)


def test_a_full_machine_refuses_and_recovers() -> None:
    machine = small_machine()
    room = len(machine.memory.port_events)
    assert all(machine.send(NOW, NOTE_ON, 60, 1) for _ in range(room * 3 // 4))
    assert not machine.send(NOW, NOTE_ON, 60, 1)
    assert all(machine.send(NOW, NOTE_ON, 60, 0) for _ in range(room // 4 - 1)), "note-offs"
    assert not machine.send(NOW, NOTE_ON, 60, 0)
    assert machine.snapshot().dropped == 2
    play(machine, 1, 1)
    assert machine.send(NOW, NOTE_ON, 60, 1)


def test_full_commands_are_refused_too() -> None:
    machine = small_machine()
    room = len(machine.memory.commands)
    assert machine.memory.commands.dtype == COMMAND
    assert all(machine.set("attack", 1.0) for _ in range(room))
    assert not machine.set("attack", 2.0)
    assert not machine.publish(0, 60, 0, 127)
    play(machine, 1, 1)
    assert machine.publish(0, 60, 0, 127)


def test_what_nobody_fetches_is_dropped_and_counted() -> None:
    machine: Machine = small_machine()
    room = len(machine.memory.performed)
    for _ in range(3):
        for _ in range(room // 2):
            assert machine.send(NOW, 0xB0, 1, 1)
        play(machine, 1, 1)
    assert machine.snapshot().unheard == room // 2
    assert len(machine.performed()) == room
    assert len(machine.performed()) == 0
    assert machine.send(NOW, 0xB0, 1, 99)
    play(machine, 1, 1)
    assert [event.data2 for event in machine.performed()] == [99]
