"""Frames in three bytes a bin say what they said, and mix as spectra do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.model.audio.compact import DEEPEST, NEPER, TURN, compact, mixed

FRAMES, BINS = 5, 64
DECIBELS = 10 / np.log(10)  # of ln power


def some_frames(seed: int) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    power = random.uniform(-9, 7, (FRAMES, BINS))
    return np.stack([power, random.uniform(-1, 1, (FRAMES, BINS))], -1).astype(np.float32)


def around(difference: NDArray[np.floating]) -> NDArray[np.floating]:
    """A difference of frequencies the short way round, in units of pi."""
    return difference - 2 * np.round(difference / 2)


def reference(parts: list[NDArray[np.float32]], shares: list[float]) -> NDArray[np.float64]:
    """The mix as the field defines it: mean of the logarithm, mean of vectors on the circle."""
    power = sum(s * f[..., 0].astype(np.float64) for f, s in zip(parts, shares, strict=True))
    vectors = sum(
        s * np.exp(f[..., 0] / 2 + 1j * np.pi * f[..., 1])
        for f, s in zip(parts, shares, strict=True)
    )
    return np.stack([power, np.angle(vectors) / np.pi], -1)


@given(st.integers(0, 1000))
def test_what_is_kept_is_what_was_made_to_a_sixth_of_a_decibel(seed: int) -> None:
    frames = some_frames(seed)
    kept = mixed([compact(frames)], [1.0])
    assert np.abs(kept[..., 0] - frames[..., 0]).max() <= 0.51 / NEPER
    assert np.abs(around(kept[..., 1] - frames[..., 1])).max() <= 0.51 / TURN
    assert 0.5 / NEPER * DECIBELS < 1 / 6


def test_what_is_far_below_the_loudest_bin_stays_far_below() -> None:
    frames = some_frames(0)
    frames[:, 3, 0] = -60.0
    kept = mixed([compact(frames)], [1.0])
    below = frames[..., 0].max(1) - kept[:, 3, 0]
    np.testing.assert_allclose(below, DEEPEST / NEPER, atol=1e-4)


@given(st.integers(0, 1000), st.floats(0.05, 0.95))
def test_frequencies_near_each_other_mix_as_vectors_do(seed: int, share: float) -> None:
    one, other = some_frames(seed), some_frames(seed + 1)
    other[..., 1] = around(one[..., 1] + 0.1 * other[..., 1])
    made = mixed([compact(one), compact(other)], [share, 1 - share])
    expected = reference([one, other], [share, 1 - share])
    assert np.abs(made[..., 0] - expected[..., 0]).max() <= 0.51 / NEPER
    assert np.abs(around(made[..., 1] - expected[..., 1])).max() < 0.002
    assert np.abs(made[..., 1]).max() <= 1.0


@given(st.integers(0, 1000), st.permutations(range(3)))
def test_the_order_of_three_hardly_matters(seed: int, order: list[int]) -> None:
    parts, shares = [some_frames(seed + i) for i in range(3)], [0.5, 0.3, 0.2]
    for part in parts[1:]:
        part[..., 1] = around(parts[0][..., 1] + 0.1 * part[..., 1])
    made = mixed([compact(part) for part in parts], shares)
    turned = mixed([compact(parts[i]) for i in order], [shares[i] for i in order])
    np.testing.assert_allclose(made[..., 0], turned[..., 0], atol=1e-4)
    assert np.abs(around(made[..., 1] - turned[..., 1])).max() < 1e-4


def test_how_frames_are_cut_changes_no_bit() -> None:
    parts = [compact(some_frames(seed)) for seed in (1, 2)]
    whole = mixed(parts, [0.3, 0.7])
    cut = [
        mixed([part.between(*piece) for part in parts], [0.3, 0.7])
        for piece in ((0, 1), (1, 4), (4, FRAMES))
    ]
    np.testing.assert_array_equal(np.concatenate(cut), whole)


@pytest.mark.parametrize("bad", [1e38, -1e38])
def test_numbers_out_of_all_proportion_are_no_trap(bad: float) -> None:
    frames = some_frames(0)
    frames[2, 7] = bad
    kept = compact(frames)
    assert kept.below[0, 0] < DEEPEST
    assert np.abs(mixed([kept], [1.0])[0]).max() < 10
