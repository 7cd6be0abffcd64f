"""The outside world of a session: loudspeakers and keyboards that a test plays by hand."""

import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.drivers import rig
from gansynth_live.drivers.output import OutputPlan
from gansynth_live.engine.process import process_block
from gansynth_live.kernel.machine import Machine
from gansynth_live.model.bundle import write_bundle
from tests.render.conftest import small_spec

RATE, BLOCK = 8000, 64
PLAN = OutputPlan(None, RATE, BLOCK)


class Speakers:
    """An audio device that asks for blocks and keeps them, until it is broken or closed.

    Attributes:
        heard: blocks [2, frames] since the start.
        connect: whether it was to be joined to the speakers.
    """

    description = "loudspeakers"
    returns = True

    def __init__(self, machine: Machine, *, connect: bool = True) -> None:
        self.sample_rate, self.block = machine.sample_rate, BLOCK
        self.connect = connect
        self.heard: list[NDArray[np.float32]] = []
        self._machine = machine
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def start(self) -> None:
        """Begin to ask for blocks."""
        self._thread.start()

    def load(self) -> float:
        return 0.1

    def is_alive(self) -> bool:
        """Whether nothing broke it."""
        return not self._over.is_set()

    def break_down(self) -> None:
        """Ask for no more blocks."""
        self._over.set()
        self._thread.join()

    def close(self) -> None:
        """The same, in order."""
        self.break_down()

    def sound(self) -> NDArray[np.float32]:
        """All that was heard, [2, frames]."""
        return np.concatenate(self.heard, axis=1)

    def _play(self) -> None:
        while not self._over.wait(self.block / self.sample_rate):
            self.heard.append(process_block(self._machine, self.block))
            self._machine.memory.status["callbacks"] += 1


class Keyboard:
    """An open MIDI input. What is played may be an error: then fetching fails."""

    def __init__(self) -> None:
        self._played: deque[tuple[int, ...] | BaseException] = deque()

    def play(self, *messages: tuple[int, ...] | BaseException) -> None:
        """Send these one after the other."""
        self._played.extend(messages)

    def get_message(self) -> tuple[list[int], float] | None:
        """As RtMidi does it."""
        if not self._played:
            return None
        message = self._played.popleft()
        if isinstance(message, BaseException):
            raise message
        return list(message), 0.0

    def delete(self) -> None:
        """Nothing to give back."""


class Keyboards:
    """A MIDI system with the keyboards that a test plugs in."""

    name = "a table full of keyboards"

    def __init__(self, *names: str) -> None:
        self.plugged = {name: Keyboard() for name in names}
        self.refusals: deque[Exception] = deque()  # what the next looks at the inputs meet
        self.absences: deque[Exception] = deque()  # what the next looks for this system meet

    def answer(self) -> "Keyboards":
        """Itself, as the system's MIDI, if that is there."""
        if self.absences:
            raise self.absences.popleft()
        return self

    def inputs(self) -> list[str]:
        """Names of what is plugged in."""
        if self.refusals:
            raise self.refusals.popleft()
        return list(self.plugged)

    def open_input(self, name: str) -> Keyboard:
        """The keyboard with this name."""
        return self.plugged[name]

    def open_virtual(self, _name: str) -> Keyboard:
        """A port that nobody plays."""
        return Keyboard()

    def close(self) -> None:
        """Nothing to give back."""


def move_in(
    monkeypatch: pytest.MonkeyPatch, keyboards: Keyboards, module: object
) -> list[Speakers]:
    """Let `module` and the rig find these keyboards and as many speakers as they open."""
    opened: list[Speakers] = []

    def open_output(_plan: OutputPlan, machine: Machine, *, connect: bool) -> Speakers:
        opened.append(Speakers(machine, connect=connect))
        return opened[-1]

    monkeypatch.setattr(module, "plan_output", lambda *_: PLAN)
    monkeypatch.setattr(rig, "open_output", open_output)
    monkeypatch.setattr(rig, "open_midi_api", keyboards.answer)
    monkeypatch.setattr(rig, "may_answer", lambda: True)
    return opened


def small_model(folder: Path, instruments: Iterable[str] = ("cello", "flute")) -> Path:
    """A bundle of an untrained model with 12 pitches from 60 and notes of 128 ms."""
    spec, random = small_spec(), np.random.default_rng(1)
    weights = {
        name: random.standard_normal(shape).astype(np.float32)
        for name, shape in spec.tensors().items()
    }
    latents = {name: random.standard_normal(4).astype(np.float32) for name in instruments}
    write_bundle(folder / "small", spec, weights, latents)
    return folder / "small"
