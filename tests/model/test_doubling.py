import numpy as np

from gansynth_live.model.doubling import merged_kernel, pixel_groups


def test_merged_taps_add_up() -> None:
    kernel = np.random.default_rng(3).normal(size=(3, 3, 4, 5)).astype(np.float32)
    merged = merged_kernel(kernel).reshape(2, 5, 2, 4, 2, 2)
    sums = kernel.sum(axis=(0, 1)).T
    np.testing.assert_allclose(
        merged.sum(axis=(4, 5)),
        np.broadcast_to(sums[None, :, None], (2, 5, 2, 4)),
        rtol=1e-4,
        atol=1e-5,
    )


def test_odd_pixel_takes_two_taps_above() -> None:
    kernel = np.zeros((3, 3, 1, 1), np.float32)
    kernel[0, 0], kernel[1, 1] = 3, 5  # channels are [column parity, out, row parity]
    merged = merged_kernel(kernel).reshape(2, 2, 2, 2)
    np.testing.assert_allclose(merged[0, 0], [[8, 0], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(merged[1, 1], [[3, 0], [0, 5]], rtol=1e-6)


def test_each_channel_belongs_to_one_pixel() -> None:
    groups = pixel_groups(3)
    assert groups.shape == (4, 12)
    np.testing.assert_array_equal(groups.sum(axis=0), 1)
    np.testing.assert_array_equal(groups.sum(axis=1), 3)
