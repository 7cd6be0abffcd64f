"""Which slots hold what, and which may be used again."""

from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.slots.pool import Pool, megabytes_for, slots_within
from gansynth_live.render.slots.render import Job, Keep, OfKey, Render
from tests.kernel.small import constant
from tests.render.conftest import small_machine

OLD, EXPECTED, NEWEST = Keep.OLD, Keep.EXPECTED, Keep.NEWEST


def place(pool: Pool, timbre: str, pitch: int, keep: Keep = NEWEST) -> Render | None:
    render = pool.place(Job(OfKey(timbre, pitch), pitch, (32,), keep))
    if render is not None:
        render.finished = True
        pool.update(render)
    return render


def filled(machine: Machine, keeps: list[Keep]) -> tuple[Pool, list[Render]]:
    pool = Pool(machine)
    renders = [place(pool, "a", pitch, keep) for pitch, keep in enumerate(keeps)]
    return pool, [render for render in renders if render is not None]


def test_a_render_is_found_again() -> None:
    pool, renders = filled(small_machine(3), [OLD, OLD])
    assert pool.find("a", 1) is renders[1]
    assert pool.find("a", 2) is None
    assert pool.renders_of("a") == renders
    assert pool.at(renders[0].slot) is renders[0]
    assert (len(pool), pool.size) == (2, 3)


def test_what_is_to_be_kept_least_makes_room() -> None:
    pool, renders = filled(small_machine(3), [NEWEST, OLD, EXPECTED])
    new = place(pool, "b", 60)
    assert new is not None
    assert new.slot == renders[1].slot
    assert pool.find("a", 1) is None
    assert len(pool) == 3


def test_nothing_makes_room_for_what_is_to_be_kept_no_longer() -> None:
    pool, _ = filled(small_machine(2), [EXPECTED, NEWEST])
    assert place(pool, "b", 60, EXPECTED) is None


def test_among_equals_the_one_that_has_rested_longest_makes_room() -> None:
    pool, renders = filled(small_machine(3), [OLD, OLD, OLD])
    pool.keep(renders[0], NEWEST)
    pool.keep(renders[0], OLD)
    order = [new.slot for pitch in (60, 61, 62) if (new := place(pool, "b", pitch)) is not None]
    assert order == [renders[1].slot, renders[2].slot, renders[0].slot]


def test_unfinished_listed_and_working_renders_stay() -> None:
    pool, (unfinished, listed, claimed) = filled(small_machine(3), [OLD, OLD, OLD])
    unfinished.finished = False
    listed.listings = 1
    claimed.claimed = True
    for render in (unfinished, listed, claimed):
        pool.update(render)
    assert place(pool, "b", 60) is None


def test_a_sounding_slot_is_never_used_again() -> None:
    machine = small_machine(1)
    pool, (render,) = filled(machine, [OLD])
    machine.slots.begin(render.slot)
    machine.slots.fill(render.slot, constant(machine.slots.frames))
    machine.publish(render.slot, 60, 60, 60)
    assert place(pool, "b", 60) is None, "the machine has not taken the command"
    machine.send(-1, 0x90, 60, 100)
    process_block(machine, 64)
    machine.withdraw(60, 60)
    process_block(machine, 64)
    assert place(pool, "b", 60) is None, "a voice plays it"
    machine.send(-1, 0xB0, 120)
    process_block(machine, 8000)
    assert place(pool, "b", 60) is not None


def test_a_removed_render_leaves_its_slot_when_it_is_idle() -> None:
    machine = small_machine(1)
    pool, (render,) = filled(machine, [OLD])
    machine.publish(render.slot, 60, 60, 60)
    pool.remove(render)
    assert len(pool) == 0
    assert place(pool, "b", 60) is None
    machine.withdraw(60, 60)
    process_block(machine, 64)
    assert place(pool, "b", 60) is not None


@given(st.integers(1, 10_000), st.integers(1, 800_000))
def test_a_budget_holds_what_it_was_made_for(slots: int, slot_frames: int) -> None:
    assert slots_within(megabytes_for(slots, slot_frames), slot_frames) >= slots
    assert slots_within(megabytes_for(slots, slot_frames) - 1, slot_frames) < slots
