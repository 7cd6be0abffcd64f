"""Several parts on one cache: what they have in common is made once, and none starves another."""

from collections.abc import Sequence

import pytest

from gansynth_live.config import DRY
from gansynth_live.kernel.layout import KEYS
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import PartSettings
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.schedule.live import OTHER_SLOTS
from gansynth_live.render.schedule.part import SPARE_KEYS
from tests.render.conftest import HIGH, LOW, RATE, SAMPLES
from tests.render.stage import Stage

PITCHES = HIGH - LOW + 1


def stage_of(renderer: NoteRenderer, firsts: Sequence[str], slots: int) -> Stage:
    parts = [PartSettings((number + 1,)) for number in range(len(firsts))]
    machine = Machine(RATE, {"voice.polyphony": 16, **DRY}, slots, SAMPLES / RATE, parts)
    return Stage(machine, renderer, firsts)


def listed(stage: Stage, part: int) -> list[object]:
    """What the model's pitches of a part start from."""
    stage.play()
    slots = stage.machine.memory.keys["slot"][part * KEYS + LOW : part * KEYS + HIGH + 1]
    renders = [stage.live.scheduler.pool.at(int(slot)) if slot >= 0 else None for slot in slots]
    return [render.timbre if render else None for render in renders]


def test_each_part_has_its_blend_and_what_they_share_is_made_once(renderer: NoteRenderer) -> None:
    stage = stage_of(renderer, ("flute", "bell", "flute"), 160)
    stage.work()
    assert [set(listed(stage, part)) for part in range(3)] == [{"flute"}, {"bell"}, {"flute"}]
    assert stage.live.snapshot().rendered == 2 * PITCHES
    assert stage.live.wait_until_ready(timeout=0.0)


def test_a_turned_part_leaves_the_others_as_they_are(renderer: NoteRenderer) -> None:
    stage = stage_of(renderer, ("flute", "flute"), 160)
    stage.work()
    stage.live.aim("bell", part=1)
    stage.work()
    assert [set(listed(stage, part)) for part in range(2)] == [{"flute"}, {"bell"}]
    stage.live.aim("flute", part=1)
    assert set(listed(stage, 1)) == {"flute"}, "it was cached"
    assert stage.live.snapshot().fresh == 2 * PITCHES


def test_a_knob_that_never_rests_starves_no_other_part(renderer: NoteRenderer) -> None:
    stage = stage_of(renderer, ("flute", "bell"), 160)
    for turn in range(12 * PITCHES):
        stage.live.aim(f"blend {turn}", part=0)
        stage.work(1)
    assert set(listed(stage, 1)) == {"bell"}


def test_voices_follow_their_own_part(renderer: NoteRenderer) -> None:
    stage = stage_of(renderer, ("flute", "bell"), 160)
    stage.work()
    for channel in (0, 1):
        stage.machine.send(-1, 0x90 | channel, LOW + channel, 100)
    stage.play()
    stage.live.aim("organ", part=1)
    for _ in range(4):
        stage.work()
        stage.play()
    assert stage.sounding() == {LOW: "flute", LOW + 1: "organ"}


@pytest.mark.parametrize("most", [2, 6])
def test_where_not_all_keys_have_room_the_likely_ones_do(renderer: NoteRenderer, most: int) -> None:
    slots = OTHER_SLOTS + 4 * (most + SPARE_KEYS)
    stage = stage_of(renderer, [f"blend {number}" for number in range(4)], slots)
    stage.work()
    assert stage.live.wait_until_ready(timeout=0.0)
    keys = stage.live.keys
    assert keys == 4 * most
    for key in (LOW, HIGH, LOW + 5, LOW, HIGH):
        stage.machine.send(-1, 0x92, key, 100)
        stage.play()
        stage.live.note_on(key, part=2)
        stage.work()
        assert listed(stage, 2)[key - LOW] == "blend 2"
        stage.machine.send(-1, 0x82, key)
        stage.play(SAMPLES)
    assert stage.machine.snapshot().voices == 0
    assert stage.live.snapshot().ready <= keys + 4 * SPARE_KEYS
