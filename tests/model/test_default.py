from pathlib import Path

import numpy as np

from gansynth_live.model.bundle import default_bundle_path, load_bundle
from tests.conftest import REPOSITORY

MEBIBYTE = 1 << 20


def test_the_shipped_model_opens_and_stays_small() -> None:
    bundle = load_bundle(default_bundle_path())
    assert len(bundle.instruments) == 66
    for latent in bundle.instruments.values():
        np.testing.assert_allclose(np.linalg.norm(latent), 16, rtol=1e-4)
    size = sum(file.stat().st_size for file in default_bundle_path().iterdir())
    assert size < 16 * MEBIBYTE


def test_the_soundfonts_notices_travel_with_the_model() -> None:
    permission = "Permission is hereby granted, free of charge"
    for folder in (default_bundle_path(), REPOSITORY):
        notice = Path(folder / "NOTICE").read_text(encoding="utf-8")
        assert "S. Christian Collins" in notice
        assert permission in notice
