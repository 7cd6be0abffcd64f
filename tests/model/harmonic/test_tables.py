from pathlib import Path

import numpy as np

from gansynth_live.model.bundle import default_bundle_path, load_bundle
from gansynth_live.model.harmonic.tables import pitch_tables


def test_computed_tables_are_those_of_the_training(starter_model: Path) -> None:
    bundle = load_bundle(default_bundle_path())
    tables = pitch_tables(bundle.spec, partials=96)
    with np.load(starter_model / "tables.npz") as trained:
        folded = tables.coordinates.reshape(61, 6, 256, 4).transpose(0, 1, 3, 2)
        coordinates = trained["coords"][:, :, 0].reshape(61, 6, 4, 256)
        np.testing.assert_allclose(folded, coordinates, atol=1e-6)
        distance = np.mod(tables.frequency - trained["perfect_if"] + 1, 2) - 1
        np.testing.assert_allclose(distance, 0, atol=1e-6)
        np.testing.assert_array_equal(tables.harmonic, trained["harmonic"])
        np.testing.assert_array_equal(bundle.weights["combs"], trained["combs"])
