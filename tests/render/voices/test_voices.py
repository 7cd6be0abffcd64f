"""Sounding notes follow the blend and go on: stepped by hand."""

import gc
import logging

import pytest

from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.corners import corners
from gansynth_live.render.continuation.continuation import Continuation
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.slots.failures import LONGEST_PAUSE
from tests.render.conftest import HIGH, SAMPLES, small_machine
from tests.render.stage import Stage

NOTE_OFF, ALL_SOUND_OFF, RELEASE_CC = 0x80, 0xB0, 72
BLOCK = 32


@pytest.fixture
def machine() -> Machine:
    return small_machine(100)


@pytest.fixture
def stage(machine: Machine, renderer: NoteRenderer) -> Stage:
    stage = Stage(machine, renderer)
    stage.work()
    return stage


def let_pass(stage: Stage, frames: int) -> set[object]:
    """Play on, with a renderer that is never late; timbres that were rendered for voices."""
    made: set[object] = set()
    for _ in range(0, frames, BLOCK):
        made |= {str(timbre) for timbre, _ in stage.work()}
        stage.play(BLOCK)
    return made


def test_a_held_note_goes_over_to_a_new_blend(stage: Stage) -> None:
    stage.press(67)
    assert stage.sounding() == {67: "flute"}
    stage.live.aim("bell")
    let_pass(stage, SAMPLES // 2)
    assert stage.sounding() == {67: "bell"}
    assert stage.machine.snapshot().refused == 0


def test_steps_of_the_knob_that_came_in_between_are_never_made(stage: Stage) -> None:
    stage.press(67)
    for blend in ("reed", "harp", "bell"):
        stage.live.aim(blend)
    assert let_pass(stage, SAMPLES // 2) == {"bell"}


def test_a_held_note_goes_on_beyond_its_render(stage: Stage) -> None:
    stage.press(67)
    let_pass(stage, 5 * SAMPLES)
    assert stage.sounding() == {67: "flute"}
    assert stage.machine.snapshot().starved == 0


def test_a_released_note_fades_in_the_timbre_that_it_has(stage: Stage) -> None:
    stage.machine.send(-1, 0xB0, RELEASE_CC, 127)
    stage.press(67)
    let_pass(stage, SAMPLES // 4)
    stage.machine.send(-1, NOTE_OFF, 67, 0)
    stage.play()
    stage.live.aim("bell")
    let_pass(stage, SAMPLES // 4)
    assert stage.sounding() == {67: "flute"}


def test_a_timbre_that_cannot_be_made_leaves_a_note_as_it_is(stage: Stage) -> None:
    stage.broken = {"bell"}
    stage.press(67)
    stage.live.aim("bell")
    let_pass(stage, 2 * SAMPLES)
    assert stage.sounding() == {67: "flute"}
    assert stage.machine.snapshot().starved == 0


def test_continuations_that_no_voice_needs_are_gone_at_once(stage: Stage) -> None:
    gc.collect()
    gc.disable()  # what is left to the collector may live for minutes, 2 MiB each
    try:
        for key in (62, 67):
            stage.press(key)
        for turn in range(40):
            stage.live.aim(f"blend {turn}")
            let_pass(stage, SAMPLES // 16)
        assert alive(Continuation) <= 4, "what each voice plays, and what it will go on in"
        for key in (62, 67):
            stage.machine.send(-1, NOTE_OFF, key, 0)
        let_pass(stage, 8 * SAMPLES)
        assert alive(Continuation) == 0
    finally:
        gc.enable()


def alive(kind: type) -> int:
    return sum(type(thing) is kind for thing in gc.get_objects())


def test_a_continuation_that_cannot_be_made_is_tried_again_later_and_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.press(67)
    stage.live.aim("bell")
    monkeypatch.setattr(Continuation, "advance", _out_of_memory)
    for _ in range(200):
        while render := stage.live.scheduler.poll():
            stage.live.scheduler.work(render)
        stage.now += 0.01  # of 2 s, in which the voice stands still
    assert 3 <= stage.live.snapshot().failed <= 4
    assert len(stage.reports) == 1
    assert len(stage.live.scheduler.failures) == 1
    monkeypatch.undo()
    stage.now += LONGEST_PAUSE
    let_pass(stage, SAMPLES // 4)
    assert stage.sounding() == {67: "bell"}
    assert len(stage.live.scheduler.failures) == 0


def test_failed_continuations_keep_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "gansynth_live")  # pytest keeps logged tracebacks
    monkeypatch.setattr(Continuation, "advance", _out_of_memory)
    gc.collect()
    gc.disable()
    try:
        stage.press(67)
        for turn in range(40):
            stage.live.aim(f"blend {turn}")
            stage.work(10)
        assert stage.live.snapshot().failed >= 40
        assert alive(Continuation) == 0
    finally:
        gc.enable()


def _out_of_memory(_continuation: Continuation, _stop: int) -> None:
    raise MemoryError("no room for a tape")


def test_a_touch_costs_no_more_on_a_key_beyond_the_model(stage: Stage) -> None:
    for key in (HIGH, HIGH + 12, HIGH + 24):  # at once, twice and four times the speed
        stage.press(key)
        assert let_pass(stage, SAMPLES // 16) == set()
        stage.machine.send(-1, ALL_SOUND_OFF, 120, 0)
        let_pass(stage, SAMPLES // 4)


def test_a_voice_that_was_taken_for_another_renders_is_known_at_the_next_look(
    stage: Stage,
) -> None:
    stage.press(67)
    voices = stage.live.scheduler.voices
    voices.follow()
    (life,) = voices._tracker.voices
    other = stage.live.scheduler.pool.find("flute", 60)
    assert other is not None
    life.render = other
    stage.live.aim("bell")
    let_pass(stage, SAMPLES // 2)
    assert stage.sounding() == {67: "bell"}
    assert stage.machine.snapshot().refused == 0


def test_a_knob_finds_the_frames_of_the_places_around_a_voice(
    machine: Machine, renderer: NoteRenderer
) -> None:
    flute, organ = Blend.only("flute"), Blend.only("organ")
    stage = Stage(machine, renderer, firsts=[flute])
    stage.live.keep_warm([flute, organ])
    stage.work()
    stage.press(67)
    stage.work()
    while stage.live.scheduler.prepare():
        pass
    stage.asked.clear()
    for share in (0.9, 0.6, 0.3):
        blend = Blend.of([("flute", share), ("organ", 1 - share)])
        stage.live.aim(blend)
        let_pass(stage, SAMPLES // 4)
        assert stage.sounding() == {67: blend}
    places = {timbre for timbre, pitch in stage.asked if pitch == 67}
    assert all(len(corners(timbre)) > 1 for timbre in places if isinstance(timbre, Blend))


def test_places_that_cannot_be_made_do_not_stop_the_rest(
    machine: Machine, renderer: NoteRenderer
) -> None:
    flute, organ = Blend.only("flute"), Blend.only("organ")
    stage = Stage(machine, renderer, firsts=[flute])
    stage.live.keep_warm([flute, organ])
    stage.work()
    stage.press(67)
    stage.work()
    stage.broken = {Blend.of([("flute", 0.75), ("organ", 0.25)])}
    stage.asked.clear()
    while stage.live.scheduler.prepare():
        pass
    assert {timbre for timbre, _ in stage.asked} == {
        Blend.of([("flute", share), ("organ", 1 - share)]) for share in (0.5, 0.25)
    }
