"""A session in a world of fakes: what comes, goes and fails there is survived, or ends it."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from gansynth_live import session as session_module
from gansynth_live.config import load_config
from gansynth_live.drivers import midi_ports, rig
from gansynth_live.errors import DeviceError, RenderError
from gansynth_live.render.schedule.scheduler import Scheduler
from gansynth_live.session import Session
from tests.e2e.take import last_step
from tests.eventually import eventually
from tests.outside import Keyboards, Speakers, move_in, small_model

PATIENCE = 20.0
NOTE_ON = (0x90, 62, 127)
CHORD = (60, 62, 64, 65, 67, 69)


class World:
    """What is around a session, and what it says."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(folder))
        monkeypatch.setattr(midi_ports, "SCAN_SECONDS", 0.02)
        self.keyboards = Keyboards("Clavier")
        self.speakers: list[Speakers] = move_in(monkeypatch, self.keyboards, session_module)
        self.lines: queue.Queue[str] = queue.Queue()
        settings = ["midi.virtual_port=''", 'morph.instruments=["cello"]', "render.workers=1"]
        self._config = load_config(
            overrides=[f"model.path='{small_model(folder)}'", "cache.megabytes=64", *settings]
        )

    @contextmanager
    def session(self) -> Iterator[Session]:
        with Session(self._config, self.lines.put) as session:
            yield session

    def play(self, *messages: tuple[int, ...] | BaseException) -> None:
        self.keyboards.plugged["Clavier"].play(*messages)

    def wait_for_line(self, part: str) -> str:
        while part not in (line := self.lines.get(timeout=PATIENCE)):
            pass
        return line


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_what_a_keyboard_plays_is_heard(world: World) -> None:
    with world.session() as session:
        world.play(NOTE_ON)
        eventually(lambda: session.synth.snapshot().engine.notes == 1)
        session.synth.renders.wait_until_ready()
        eventually(lambda: float(np.abs(world.speakers[0].sound()).max()) > 0.0)
        assert session.output == "loudspeakers"
    assert not world.speakers[0].is_alive()


def test_a_fault_in_the_midi_inputs_is_told_and_counted_and_they_are_heard_on(
    world: World,
) -> None:
    with world.session() as session:
        world.play(NOTE_ON, ValueError("no such message"), NOTE_ON)
        line = world.wait_for_line("a fault in the MIDI inputs, which go on: ValueError")
        eventually(lambda: session.synth.snapshot().engine.notes == 2)
        assert "no such message" in line
        assert session.faults == 1
        assert session.wait(0.0)


def test_a_midi_system_that_comes_later_is_heard(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rig, "LOOK_SECONDS", 0.0)
    world.keyboards.absences.extend(DeviceError(f"no MIDI system {i}") for i in range(4))
    with world.session() as session:
        world.wait_for_line("no MIDI system 0")
        assert world.lines.get(timeout=PATIENCE) == "MIDI input: Clavier"
        world.play(NOTE_ON)
        eventually(lambda: session.synth.snapshot().engine.notes == 1)
        assert session.wait(0.0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_session_ends_with_the_reason_when_nobody_listens_any_more(world: World) -> None:
    with world.session() as session:
        world.play(SystemExit())
        with pytest.raises(DeviceError, match="MIDI is no longer heard"):
            session.wait(PATIENCE)


def test_a_session_ends_with_the_reason_when_its_control_thread_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_machine: object, _seconds: float) -> None:
        raise OSError("no clock")

    monkeypatch.setattr(session_module, "wait_for_news", broken)
    with world.session() as session, pytest.raises(OSError, match="no clock"):
        session.wait(PATIENCE)


def test_a_session_ends_with_the_reason_when_nothing_can_be_rendered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Scheduler, "poll", broken)
    with world.session() as session, pytest.raises(RenderError, match="No space left on device"):
        session.wait(PATIENCE)


def test_lost_speakers_are_replaced_and_nothing_old_sounds_from_them(world: World) -> None:
    with world.session() as session:
        session.synth.renders.wait_until_ready()
        world.play(NOTE_ON)
        eventually(lambda: session.synth.snapshot().engine.voices == 1)
        world.speakers[0].break_down()
        world.wait_for_line("the audio device is lost; waiting for it to come back")
        world.wait_for_line("the audio device is back: loudspeakers")
        eventually(lambda: len(world.speakers[1].heard) > 10)
        assert np.abs(world.speakers[1].sound()).max() == 0.0
        assert session.wait(0.0)


def test_what_sounds_at_the_end_is_faded_before_the_speakers_are_closed(world: World) -> None:
    with world.session() as session:
        session.synth.renders.wait_until_ready()
        world.play(*((0x90, key, 127) for key in CHORD))
        eventually(lambda: session.synth.snapshot().engine.voices == len(CHORD))
        eventually(lambda: float(np.abs(world.speakers[0].heard[-1]).max()) > 0.01)
    assert last_step(world.speakers[0].sound()) < 0.01
