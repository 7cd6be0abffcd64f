"""Threads that keep the cache supplied. Waiting is always for a condition, with a deadline."""

import os
import sys
from threading import Event, active_count, current_thread, get_native_id

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.engine.process import process_block
from gansynth_live.errors import RenderError
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.schedule import workers
from gansynth_live.render.schedule.freewheel import PlannedNote
from gansynth_live.render.schedule.live import LiveCache
from gansynth_live.render.schedule.offline import Lookahead, towards
from gansynth_live.render.schedule.workers import NICENESS
from gansynth_live.render.slots.render import Render
from gansynth_live.render.voices.tracker import VoiceSwitch
from tests.eventually import eventually
from tests.render.conftest import HIGH, LOW, latent, small_machine

DEADLINE = 30.0
PITCHES = HIGH - LOW + 1


def live_cache(machine: Machine, renderer: NoteRenderer, workers: int) -> LiveCache[object]:
    return LiveCache(machine, renderer, latent, ["flute"], report=pytest.fail, workers=workers)


@pytest.mark.parametrize("workers", [1, 3])
def test_the_keyboard_fills_and_the_threads_end(
    machine: Machine, renderer: NoteRenderer, workers: int
) -> None:
    before = active_count()
    live = live_cache(machine, renderer, workers)
    told: list[tuple[int, int]] = []
    live.start()
    assert live.wait_until_ready(lambda *state: told.append(state), DEADLINE)
    assert told[-1] == (PITCHES, PITCHES)
    assert [ready for ready, _ in told] == sorted({ready for ready, _ in told})
    assert live.stop(DEADLINE)
    assert active_count() == before


def test_any_number_of_threads_render_the_same_sound(renderer: NoteRenderer) -> None:
    def sounds(workers: int) -> dict[int, NDArray[np.float32]]:
        machine = small_machine(20)
        live = live_cache(machine, renderer, workers)
        live.start()
        assert live.wait_until_ready(timeout=DEADLINE)
        assert live.stop(DEADLINE)
        return {render.pitch: machine.slots.samples(render.slot) for render in live.scheduler.pool}

    one, four = sounds(1), sounds(4)
    assert one.keys() == four.keys() == set(range(LOW, HIGH + 1))
    assert all(np.array_equal(one[pitch], four[pitch]) for pitch in one)


def test_idle_workers_wake_up_for_a_new_blend(machine: Machine, renderer: NoteRenderer) -> None:
    live = live_cache(machine, renderer, 2)
    live.start()
    assert live.wait_until_ready(timeout=DEADLINE)
    live.aim("bell")
    assert live.scheduler.wait_for(lambda: live.scheduler.counts.rendered > PITCHES, DEADLINE)
    assert live.stop(DEADLINE)


def test_aiming_does_not_wait_for_a_render(machine: Machine, renderer: NoteRenderer) -> None:
    begun, may_go_on = Event(), Event()

    def slow_latent(timbre: object, pitch: int) -> NDArray[np.float32]:
        begun.set()
        assert may_go_on.wait(DEADLINE)
        return latent(timbre, pitch)

    live = LiveCache(machine, renderer, slow_latent, ["flute"], report=pytest.fail, workers=1)
    live.start()
    assert begun.wait(DEADLINE)
    live.aim("bell")
    live.note_on(LOW)
    assert live.snapshot().ready == 0
    may_go_on.set()
    assert live.wait_until_ready(timeout=DEADLINE)
    assert live.stop(DEADLINE)


def test_a_worker_survives_a_broken_note(machine: Machine, renderer: NoteRenderer) -> None:
    reports: list[str] = []

    def broken_latent(timbre: object, pitch: int) -> NDArray[np.float32]:
        if timbre == "broken":
            raise RuntimeError("out of memory")
        return latent(timbre, pitch)

    live = LiveCache(machine, renderer, broken_latent, ["broken"], report=reports.append, workers=1)
    live.start()
    assert live.wait_until_ready(timeout=DEADLINE)
    live.aim("flute")
    assert live.scheduler.wait_for(lambda: len(live.parts[0].table) == PITCHES, DEADLINE)
    assert live.stop(DEADLINE)
    assert len(reports) == 1


def test_who_hears_of_arrivals_holds_nobody_up(machine: Machine, renderer: NoteRenderer) -> None:
    heard, looked = Event(), Event()

    def switched(_switch: VoiceSwitch) -> None:
        heard.set()
        assert looked.wait(DEADLINE)

    live = LiveCache(
        machine, renderer, latent, ["flute"], report=pytest.fail, workers=1, switched=switched
    )
    live.start()
    assert live.wait_until_ready(timeout=DEADLINE)
    machine.send(NOW, 0x90, LOW, 100)
    process_block(machine, 64)
    live.note_on(LOW)
    assert heard.wait(DEADLINE)
    assert live.snapshot().ready == PITCHES
    looked.set()
    assert live.stop(DEADLINE)


def test_a_worker_survives_a_fault_outside_its_renders(
    machine: Machine, renderer: NoteRenderer
) -> None:
    reports: list[str] = []
    live = LiveCache(machine, renderer, latent, ["flute"], report=reports.append, workers=1)
    faults = iter([OSError(28, "No space left on device")] * 2)
    whole = live.scheduler.poll

    def poll(on_call: bool = False) -> Render | None:
        for fault in faults:
            raise fault
        return whole(on_call)

    live.scheduler.poll = poll  # type: ignore[method-assign]
    live.start()
    assert live.wait_until_ready(timeout=DEADLINE)
    assert live.snapshot().faults == 2
    assert reports == ["a render thread stumbled: OSError: [Errno 28] No space left on device"]
    live.check()
    assert live.stop(DEADLINE)


def test_memory_that_cannot_be_given_back_ends_nothing(
    machine: Machine, renderer: NoteRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def refuse() -> None:
        tries.append(current_thread().name)
        raise OSError("no such function")

    monkeypatch.setattr(workers, "TIDY_SECONDS", 0.001)
    monkeypatch.setattr(workers, "give_back", refuse)
    reports: list[str] = []
    live = LiveCache(machine, renderer, latent, ["flute"], report=reports.append, workers=1)
    live.start()
    assert live.wait_until_ready(timeout=DEADLINE)
    eventually(lambda: live.snapshot().faults > 0)
    assert set(tries) == {"tidy"}
    assert reports == ["a render thread stumbled: OSError: no such function"]
    live.check()
    assert live.stop(DEADLINE)


def test_nobody_waits_for_workers_that_have_given_up(
    machine: Machine, renderer: NoteRenderer
) -> None:
    def poll(on_call: bool = False) -> Render | None:
        raise EOFError("Ran out of input")

    live = LiveCache(machine, renderer, latent, ["flute"], report=lambda _line: None, workers=2)
    live.scheduler.poll = poll  # type: ignore[method-assign]
    live.start()
    for wait in (live.wait_until_ready, live.check):
        with pytest.raises(RenderError, match="no longer be rendered: EOFError: Ran out of input"):
            wait()
    assert live.stop(DEADLINE)


def test_a_piece_ends_with_the_reason_when_its_workers_have_given_up(
    machine: Machine, renderer: NoteRenderer
) -> None:
    plan = [PlannedNote(0, LOW, "flute")]
    ahead = Lookahead(machine, renderer, latent, plan, towards(lambda _seconds: "flute"))

    def poll(on_call: bool = False) -> Render | None:
        raise EOFError("Ran out of input")

    ahead.renders.scheduler.poll = poll  # type: ignore[method-assign]
    with ahead, pytest.raises(RenderError, match="EOFError"):
        ahead.reach(64)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_only_render_threads_yield_to_others(machine: Machine, renderer: NoteRenderer) -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, get_native_id())

    before, rendering = priority(), set()

    def watched_latent(timbre: object, pitch: int) -> NDArray[np.float32]:
        rendering.add(priority())
        return latent(timbre, pitch)

    live = LiveCache(machine, renderer, watched_latent, ["flute"], report=pytest.fail, workers=2)
    live.start()
    assert live.wait_until_ready(timeout=DEADLINE)
    assert live.stop(DEADLINE)
    assert priority() == before
    assert rendering == {min(before + NICENESS, 19)}


def test_stopping_has_a_deadline(machine: Machine, renderer: NoteRenderer) -> None:
    begun, may_go_on = Event(), Event()

    def stuck_latent(timbre: object, pitch: int) -> NDArray[np.float32]:
        begun.set()
        may_go_on.wait(DEADLINE)
        return latent(timbre, pitch)

    live = LiveCache(machine, renderer, stuck_latent, ["flute"], report=pytest.fail, workers=1)
    live.start()
    assert begun.wait(DEADLINE)
    assert not live.stop(0.01)
    may_go_on.set()
    assert live.stop(DEADLINE)
