from pathlib import Path

import numpy as np
import pytest

from gansynth_live.latent.schedule import instrument_count, instrument_times, latents_at


def test_notes_get_the_latents_of_the_original(golden: Path) -> None:
    with np.load(golden / "generate_util.npz") as original:
        z, times = original["z_instruments"], original["t_instruments"]
        got = latents_at(original["start_times"], times, z)
        inside = original["start_times"] <= times[-1]
        np.testing.assert_allclose(got[inside], original["z_notes"][inside], atol=1e-12)
        assert not inside.all()  # where the original leaves the path, the last instrument holds
        np.testing.assert_allclose(got[~inside], z[-1:].repeat((~inside).sum(), 0), atol=1e-12)
        positions = np.linspace(0.0, 1.0, instrument_count(9.0, 2.0)).tolist()
        np.testing.assert_allclose(instrument_times(positions, 9.0), times)


@pytest.mark.parametrize("total", [0.0, 0.5, 2.9, 3.0, 5.9])
def test_a_short_piece_has_one_instrument(total: float, rng: np.random.Generator) -> None:
    assert instrument_count(total, 3.0) == 1
    times = instrument_times([0.0], total)
    z = rng.standard_normal((1, 16))
    np.testing.assert_array_equal(latents_at([0.0, 1.0, 99.0], times, z), z.repeat(3, 0))


def test_equal_neighbours_and_times_that_meet_are_finite(rng: np.random.Generator) -> None:
    z = rng.standard_normal(16)
    times = np.array([0.0, 1.0, 1.0, 2.0])
    got = latents_at([-1.0, 0.0, 0.5, 1.0, 1.5, 3.0], times, np.stack([z, z, -z, np.zeros(16)]))
    assert np.isfinite(got).all()
    np.testing.assert_allclose(got[0], z)


def test_no_notes_need_no_latents(rng: np.random.Generator) -> None:
    assert latents_at([], np.array([0.0, 1.0]), rng.standard_normal((2, 16))).shape == (0, 16)
