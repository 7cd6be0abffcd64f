"""Which slots hold what, and which may be used again."""

from typing import NoReturn

from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.pool import Pool, Render, megabytes_for, slots_within
from tests.kernel.small import constant
from tests.render.conftest import small_machine


def never() -> NoReturn:
    """No render is made here: only places are given away."""
    raise AssertionError


def place(pool: Pool, timbre: str, pitch: int, worth: float = 1.0) -> Render | None:
    render = pool.place(timbre, pitch, [32], worth, begin=never)
    if render is not None:
        render.finished = True
    return render


def filled(machine: Machine, worths: list[float]) -> tuple[Pool, list[Render]]:
    pool = Pool(machine)
    renders = [place(pool, "a", pitch, worth) for pitch, worth in enumerate(worths)]
    return pool, [render for render in renders if render is not None]


def test_a_render_is_found_again() -> None:
    pool, renders = filled(small_machine(3), [1.0, 1.0])
    assert pool.find("a", 1) is renders[1]
    assert pool.find("a", 2) is None
    assert pool.renders_of("a") == renders
    assert pool.at(renders[0].slot) is renders[0]
    assert (len(pool), pool.size) == (2, 3)


def test_the_least_worthy_makes_room() -> None:
    pool, renders = filled(small_machine(3), [3.0, 1.0, 2.0])
    new = place(pool, "b", 60, 9.0)
    assert new is not None
    assert new.slot == renders[1].slot
    assert pool.find("a", 1) is None
    assert len(pool) == 3


def test_nothing_makes_room_for_what_is_worth_less() -> None:
    pool, _ = filled(small_machine(2), [2.0, 3.0])
    assert place(pool, "b", 60, 2.0) is None


def test_unfinished_listed_and_working_renders_stay() -> None:
    pool, (unfinished, listed, in_hand) = filled(small_machine(3), [1.0, 1.0, 1.0])
    unfinished.finished = False
    listed.listed_at = 0.0
    in_hand.in_hand = True
    assert place(pool, "b", 60, 9.0) is None


def test_a_sounding_slot_is_never_used_again() -> None:
    machine = small_machine(1)
    pool, (render,) = filled(machine, [1.0])
    machine.begin_slot(render.slot)
    machine.fill(render.slot, constant(machine.slot_frames))
    machine.publish(render.slot, 60, 60, 60)
    assert place(pool, "b", 60, 9.0) is None, "the machine has not taken the command"
    machine.send(-1, 0x90, 60, 100)
    process_block(machine, 64)
    machine.withdraw(60, 60)
    process_block(machine, 64)
    assert place(pool, "b", 60, 9.0) is None, "a voice plays it"
    machine.send(-1, 0xB0, 120)
    process_block(machine, 8000)
    assert place(pool, "b", 60, 9.0) is not None


def test_a_removed_render_leaves_its_slot_when_it_is_idle() -> None:
    machine = small_machine(1)
    pool, (render,) = filled(machine, [1.0])
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
