import numpy as np

from gansynth_live.model.directions.measures import MEASURES
from gansynth_live.model.directions.naming import named, turned

KINDS = len(MEASURES)


def test_turned_axes_find_the_gradients_among_many_axes() -> None:
    draw = np.random.default_rng(2)
    hidden, _ = np.linalg.qr(draw.standard_normal((20, 20)))
    changes = hidden[:, :KINDS] * np.linspace(1, 2, KINDS)  # measure m changes along column m only
    rows = turned(changes, 12)
    np.testing.assert_allclose(rows @ rows.T, np.eye(12), atol=1e-9)
    np.testing.assert_allclose(rows[:KINDS], hidden[:, :KINDS].T, atol=1e-9)
    np.testing.assert_allclose(rows[KINDS:] @ changes, 0, atol=1e-9)


def test_names_are_unique_and_the_largest_effect_has_its_name_first() -> None:
    effects = np.zeros((5, KINDS))
    effects[0, 0] = -2.0  # brightness, the other way round
    effects[1, 0], effects[1, 3] = 1.5, 1.0  # noise: nearly as much
    effects[2, 0], effects[2, 3] = 1.0, 0.1
    effects[3, 0] = 0.1  # too little
    effects[4, 5] = 3.0  # not consistent
    agreement = np.ones((5, KINDS))
    agreement[4] = 0.6
    assert named(effects, agreement) == [
        ("brightness", -1),
        ("noise", 1),
        ("brightness 2", 1),
        ("direction 4", 1),
        ("direction 5", 1),
    ]
