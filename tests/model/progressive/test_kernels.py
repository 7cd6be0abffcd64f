import numpy as np

from gansynth_live.model.progressive.kernels import dense_start


def test_dense_start_reverses_both_axes() -> None:
    kernel = np.arange(2 * 3 * 1 * 1, dtype=np.float32).reshape(2, 3, 1, 1)
    scale = np.sqrt(2 / 6)
    np.testing.assert_allclose(dense_start(kernel)[0], scale * np.arange(5, -1, -1), rtol=1e-6)
