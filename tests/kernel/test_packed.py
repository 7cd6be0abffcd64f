"""Half the bytes: nothing that is lost can be heard, and how samples arrive changes no bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.kernel.packed import PACK
from gansynth_live.units import db_to_gain
from tests.kernel.small import kept, load, play, press, sine, small_machine

FRAMES = 9600


@given(level=st.floats(-180.0, 60.0), seed=st.integers(0, 99))
def test_what_is_lost_lies_90_db_below_what_is_near(level: float, seed: int) -> None:
    noise = np.random.default_rng(seed).standard_normal((8, PACK)) * db_to_gain(level)
    samples = noise.astype(np.float32)
    lost = kept(samples.ravel()).reshape(samples.shape) - samples
    peaks = np.abs(samples).max(axis=1, keepdims=True)
    assert np.all(np.abs(lost) <= peaks * 2.0**-14), "at most half a step, or one for the loudest"
    assert np.sqrt(np.mean(np.square(lost / peaks))) < db_to_gain(-90.0)


def test_packing_again_loses_nothing_more() -> None:
    samples = kept(sine(440.0, 100 * PACK))
    assert np.array_equal(kept(samples), samples)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stays_so(bad: float) -> None:
    samples = sine(440.0, 3 * PACK)
    samples[PACK + 5] = bad
    there = kept(samples)
    assert not np.isfinite(there[PACK : 2 * PACK]).any()
    assert np.isfinite(there[:PACK]).all()
    assert np.isfinite(there[2 * PACK :]).all()


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=6))
def test_slices_of_any_length_give_the_same_bits(cuts: list[int]) -> None:
    whole, sliced = (small_machine(1, FRAMES) for _ in range(2))
    wave = sine(1000.0, FRAMES)
    for machine in (whole, sliced):
        machine.slots.begin(0)
    whole.slots.fill(0, wave)
    for part in np.split(wave, np.minimum(np.cumsum(cuts), FRAMES)):
        sliced.slots.fill(0, part)
        assert sliced.memory.ready[0] % PACK == 0
    for machine in (whole, sliced):
        machine.slots.finish(0)
        assert machine.memory.ready[0] == FRAMES
    assert np.array_equal(whole.slots.samples(0), sliced.slots.samples(0))


@pytest.mark.parametrize("key", [60, 48, 61, 96, 127])
def test_a_key_far_from_its_root_reads_as_much_as_it_needs(key: int) -> None:
    """Up to 48 samples a frame: more than is unpacked at a time."""
    machine = small_machine(1, 48000, velocity_curve=0.0)
    load(machine, np.linspace(0.0, 0.5, 48000, dtype=np.float32))
    press(machine, key)
    frames = 500
    speed = 2.0 ** ((key - 60) / 12.0)
    ramp = 0.5 / 48000 * speed * np.arange(frames)
    level = play(machine, frames)[0] / np.maximum(ramp, 1e-9)
    assert level[100:] == pytest.approx(np.full(frames - 100, level[100]), rel=1e-3)
