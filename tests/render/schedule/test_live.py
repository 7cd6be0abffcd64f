"""The cache on stage, stepped by hand: no threads, so every order of events can be tried."""

import pytest

from gansynth_live.errors import UsageError
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.schedule.live import OTHER_BLENDS, OTHER_SLOTS
from gansynth_live.render.slots.failures import FIRST_PAUSE
from tests.render.conftest import HIGH, LOW, small_machine
from tests.render.stage import Stage

PITCHES = HIGH - LOW + 1


@pytest.fixture
def stage(machine: Machine, renderer: NoteRenderer) -> Stage:
    return Stage(machine, renderer)


def test_every_key_gets_a_render(stage: Stage) -> None:
    stage.work()
    assert stage.live.snapshot().rendered == PITCHES
    assert stage.listed() == dict.fromkeys(range(128), "flute")
    assert stage.live.wait_until_ready(timeout=0.0)


def test_keys_beyond_the_model_start_from_its_ends(stage: Stage) -> None:
    stage.work()
    stage.play()
    keys = stage.machine.memory.keys
    assert keys["slot"][0] == keys["slot"][LOW]
    assert keys["slot"][127] == keys["slot"][HIGH]
    assert keys["rate"][HIGH + 12] == pytest.approx(2.0)


def test_a_new_blend_changes_keys_over_one_by_one(stage: Stage) -> None:
    stage.work()
    stage.live.aim("bell")
    assert set(stage.listed().values()) == {"flute"}
    stage.work(3)
    timbres = [stage.listed()[pitch] for pitch in range(LOW, HIGH + 1)]
    assert sorted(map(str, timbres)) == ["bell"] * 3 + ["flute"] * (PITCHES - 3)
    stage.work()
    assert set(stage.listed().values()) == {"bell"}


def test_work_for_a_blend_that_is_gone_is_dropped(stage: Stage) -> None:
    stage.work()
    stage.live.aim("bell")
    stage.work(2)
    stage.live.aim("organ")
    assert {timbre for timbre, _ in stage.work()} == {"organ"}


def test_a_started_note_still_comes_if_nothing_newer_is_there(stage: Stage) -> None:
    stage.work()
    stage.live.aim("bell")
    started = stage.live.scheduler.poll()
    assert started is not None
    stage.live.aim("organ")
    stage.live.scheduler.work(started)
    assert stage.listed()[started.pitch] == "bell"
    stage.work()
    assert set(stage.listed().values()) == {"organ"}


def test_a_started_note_that_comes_late_does_not_undo_a_newer_one(stage: Stage) -> None:
    stage.work()
    stage.live.aim("bell")
    late = stage.live.scheduler.poll()
    assert late is not None
    stage.live.aim("organ")
    stage.work()
    stage.live.scheduler.work(late)
    assert set(stage.listed().values()) == {"organ"}


def test_a_cached_blend_is_there_at_once(renderer: NoteRenderer) -> None:
    stage = Stage(small_machine(30), renderer)
    stage.work()
    stage.live.aim("bell")
    stage.work()
    stage.live.aim("flute")
    assert set(stage.listed().values()) == {"flute"}
    assert stage.work() == []


def test_a_partly_cached_blend_brings_what_it_has(stage: Stage) -> None:
    stage.work(4)
    stage.live.aim("bell")
    stage.work()
    assert set(stage.listed().values()) == {"bell"}
    stage.live.aim("flute")
    assert set(stage.listed().values()) <= {"bell", "flute"}
    stage.work()
    assert set(stage.listed().values()) == {"flute"}


def test_several_renders_can_be_made_in_one_go(stage: Stage) -> None:
    scheduler = stage.live.scheduler
    renders = [render for _ in range(3) if (render := scheduler.poll()) is not None]
    assert len({render.pitch for render in renders}) == 3
    scheduler.work(*renders)
    assert all(render.ready > 0 and not render.claimed for render in renders)


def test_a_waiting_key_sounds_after_its_first_slice(stage: Stage) -> None:
    stage.press(67)
    assert stage.work(1) == [("flute", 67)]
    assert 67 in stage.listed()
    assert not stage.live.scheduler.pool.renders_of("flute")[0].finished
    assert stage.work(1) == [("flute", 67)], "it must not run dry"
    assert stage.live.scheduler.pool.renders_of("flute")[0].finished


def test_a_note_that_is_half_made_sounds_at_once(stage: Stage) -> None:
    ((_, pitch),) = stage.work(1)
    assert stage.listed() == {}
    stage.press(pitch)
    assert pitch in stage.listed()
    assert stage.work(1) == [("flute", pitch)]


def test_a_waiting_key_comes_between_the_slices_of_the_others(stage: Stage) -> None:
    ((_, pitch),) = stage.work(1)
    stage.press(67)
    assert stage.work(3) == [("flute", 67), ("flute", 67), ("flute", pitch)]


def test_keys_that_can_be_played_are_made_in_one_go(stage: Stage) -> None:
    stage.work()
    stage.live.aim("bell")
    assert len(stage.work()) == PITCHES


def test_a_note_about_to_run_dry_comes_before_waiting_keys(stage: Stage) -> None:
    stage.press(67)
    stage.work(1)
    stage.press(70)
    assert stage.work(3) == [("flute", 67), ("flute", 70), ("flute", 70)]


def test_waiting_keys_come_before_the_rest_of_a_note_with_time_in_hand(stage: Stage) -> None:
    stage.press(67)
    stage.work(1)
    stage.now -= 10.0  # as if the first slice held ten seconds more
    stage.press(70)
    assert stage.work(3) == [("flute", 70), ("flute", 70), ("flute", 67)]


def test_the_early_level_is_that_of_the_nearest_sibling(stage: Stage) -> None:
    stage.work(2)
    siblings = {r.pitch: r.gain for r in stage.live.scheduler.pool}
    stage.press(LOW)
    stage.work(1)
    stage.play()
    nearest = min(siblings, key=lambda pitch: abs(pitch - LOW))
    assert stage.machine.memory.keys["gain"][LOW] == siblings[nearest]
    stage.work(1)
    stage.play()
    render = stage.live.scheduler.pool.find("flute", LOW)
    assert render is not None
    assert stage.machine.memory.keys["gain"][LOW] == render.gain


def test_a_broken_note_is_counted_and_told_once_and_the_others_come(stage: Stage) -> None:
    stage.work()
    stage.broken = {"bell"}
    stage.live.aim("bell")
    assert len(stage.work()) == PITCHES
    assert len(stage.reports) == 1
    assert "of bell could not be rendered" in stage.reports[0]
    assert set(stage.listed().values()) == {"flute"}
    snapshot = stage.live.snapshot()
    assert (snapshot.failed, snapshot.non_finite, snapshot.ready) == (PITCHES, 0, PITCHES)
    stage.live.aim("organ")
    stage.work()
    assert set(stage.listed().values()) == {"organ"}


def test_a_key_that_could_not_be_rendered_comes_when_it_is_well_again(stage: Stage) -> None:
    stage.broken = {"flute"}
    assert len(stage.work()) == PITCHES
    stage.broken.clear()
    assert stage.work() == []
    stage.now += FIRST_PAUSE
    stage.work()
    assert set(stage.listed().values()) == {"flute"}
    assert len(stage.live.scheduler.failures) == 0


def test_broken_notes_do_not_hold_up_the_start(stage: Stage) -> None:
    stage.broken = {"flute"}
    stage.work()
    assert stage.live.wait_until_ready(timeout=0.0)


def test_readiness_is_told_as_it_grows(stage: Stage) -> None:
    stage.work(10)  # two slices each
    told: list[tuple[int, int]] = []
    assert not stage.live.wait_until_ready(lambda *state: told.append(state), timeout=0.0)
    assert told == [(5, PITCHES)]


def test_the_snapshot_knows_how_old_each_key_is(stage: Stage) -> None:
    stage.work()
    stage.live.aim("bell")
    stage.work(2)
    stage.now += 0.5
    snapshot = stage.live.snapshot()
    assert (snapshot.fresh, snapshot.ready, snapshot.keys) == (2, PITCHES, PITCHES)
    assert sorted(age for age in snapshot.stale_ms if age is not None) == [0.0] * 2 + [500.0] * 10


def test_note_ons_are_counted_by_what_they_found(stage: Stage) -> None:
    stage.press(60)
    stage.work()
    stage.press(61)
    stage.live.aim("bell")
    stage.press(62)
    snapshot = stage.live.snapshot()
    assert snapshot.found_nothing == 1
    assert snapshot.found_newest == 1
    assert snapshot.found_older == 1


def test_keys_that_were_struck_lately_change_over_first(stage: Stage) -> None:
    stage.work()
    stage.press(71)
    stage.press(71)
    stage.live.aim("bell")
    order = [pitch for timbre, pitch in stage.work() if timbre == "bell"]
    assert order[0] == 71
    assert order.index(69) < order.index(60)


def test_no_key_is_left_behind_while_the_knob_moves(stage: Stage) -> None:
    """Made by chance alone, the same few keys would be made again and again."""
    stage.work()
    made = set()
    for step in range(4 * PITCHES):
        stage.now += 0.02
        stage.live.aim(f"step {step}")
        made |= {pitch for _, pitch in stage.work(1)}
    assert made == set(range(LOW, HIGH + 1))


def test_the_blend_that_is_expected_is_there_when_the_knob_arrives(stage: Stage) -> None:
    stage.work()
    stage.live.aim("bell", expected="organ")
    assert [timbre for timbre, _ in stage.work(3)] == ["organ"] * 3
    assert set(stage.listed().values()) == {"flute"}, "the knob is not there yet"
    stage.live.aim("organ")
    assert sorted(map(str, stage.listed().values())).count("organ") >= 3


def test_a_knob_at_rest_expects_nothing_else(stage: Stage) -> None:
    stage.work()
    stage.live.aim("bell", expected="organ")
    stage.live.aim("bell", expected="bell")
    assert {timbre for timbre, _ in stage.work()} == {"bell"}


def test_cold_keys_are_made_for_the_blend_that_is(stage: Stage) -> None:
    stage.live.aim("bell", expected="organ")
    stage.press(67)
    assert {timbre for timbre, _ in stage.work(2 * PITCHES)} == {"bell"}


def test_anchors_come_last_and_are_there_at_once(renderer: NoteRenderer) -> None:
    stage = Stage(small_machine(OTHER_SLOTS + (OTHER_BLENDS + 2) * PITCHES), renderer)
    stage.live.keep_warm(["bell", "organ", "reed"])
    timbres = [timbre for timbre, _ in stage.work()]
    assert set(timbres) == {"flute", "bell", "organ"}, "there is no memory for a third one"
    assert timbres.index("bell") > max(i for i, t in enumerate(timbres) if t == "flute")
    stage.live.aim("organ")
    assert set(stage.listed().values()) == {"organ"}
    assert stage.work() == []


def test_anchors_are_thrown_out_last(renderer: NoteRenderer) -> None:
    stage = Stage(small_machine(64 + 3 * PITCHES), renderer)
    stage.live.keep_warm(["bell"])
    stage.work()
    for step in range(12):
        stage.live.aim(f"step {step}")
        stage.work()
    used = stage.live.snapshot().used
    assert (used.newest, used.anchors, used.voices) == (PITCHES, PITCHES, 0)
    assert used.older == len(stage.machine.slots) - 2 * PITCHES
    stage.live.keep_warm([])
    for step in range(8):
        stage.live.aim(f"other step {step}")
        stage.work()
    assert stage.live.scheduler.pool.renders_of("bell") == []


def test_an_anchor_does_not_take_a_key_from_an_older_blend(renderer: NoteRenderer) -> None:
    stage = Stage(small_machine(64 + 4 * PITCHES), renderer)
    stage.work()
    stage.broken = {"bell"}
    stage.live.aim("bell")
    stage.live.keep_warm(["organ"])
    stage.work()
    assert set(stage.listed().values()) == {"flute"}


def test_the_slots_that_voices_go_on_in_are_counted(stage: Stage) -> None:
    stage.work()
    stage.press(67)
    stage.live.aim("bell")
    stage.work(1)
    used = stage.live.snapshot().used
    assert used.voices >= 1
    assert used.newest + used.anchors + used.voices + used.older == stage.live.snapshot().cached


def test_too_few_slots_are_refused(renderer: NoteRenderer) -> None:
    with pytest.raises(UsageError, match=r"\[cache\] megabytes"):
        Stage(small_machine(PITCHES), renderer)
