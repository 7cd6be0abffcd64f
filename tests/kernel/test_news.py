"""Python sleeps until the callback has news, and leaves the interpreter to others meanwhile."""

from collections.abc import Callable
from threading import Thread

import pytest

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.crossing import store
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.memory import WAITS
from gansynth_live.kernel.news import wait_for_news

FOR_EVER = 600.0
DEADLINE = 30.0


def play_a_note(machine: Machine) -> None:
    machine.send(NOW, 0x90, 60, 100)
    process_block(machine, 64)


def wait_at_the_gate(machine: Machine) -> None:
    store(machine.memory.gate, WAITS, 1)


@pytest.mark.parametrize("news", [play_a_note, wait_at_the_gate])
def test_news_ends_the_wait(news: Callable[[Machine], None]) -> None:
    machine = Machine(48000, slots=2, slot_seconds=0.1)
    waiting = Thread(target=wait_for_news, args=(machine, FOR_EVER), daemon=True)
    waiting.start()
    news(machine)
    waiting.join(DEADLINE)
    assert not waiting.is_alive()


def test_news_that_is_there_is_not_waited_for() -> None:
    machine = Machine(48000, slots=2, slot_seconds=0.1)
    play_a_note(machine)
    wait_for_news(machine, FOR_EVER)
    assert len(machine.performed()) > 0


def test_without_news_the_wait_ends_all_the_same() -> None:
    wait_for_news(Machine(48000, slots=2, slot_seconds=0.1), 0.0)
