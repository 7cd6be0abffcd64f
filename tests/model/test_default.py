import shutil
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.errors import ModelError
from gansynth_live.model import bundle
from gansynth_live.model.bundle import SHIPPED_DIGEST, default_bundle_path, load_bundle
from tests.conftest import REPOSITORY

MEBIBYTE = 1 << 20


def test_the_shipped_model_opens_and_stays_small() -> None:
    shipped = load_bundle(default_bundle_path())
    assert len(shipped.instruments) == 66
    for latent in shipped.instruments.values():
        np.testing.assert_allclose(np.linalg.norm(latent), 16, rtol=1e-4)
    size = sum(file.stat().st_size for file in default_bundle_path().iterdir())
    assert size < 16 * MEBIBYTE


def test_the_shipped_model_is_known_by_its_sum() -> None:
    assert load_bundle(default_bundle_path()).digest == SHIPPED_DIGEST


def test_a_changed_digit_of_the_shipped_model_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(default_bundle_path(), tmp_path / "default")
    text = (tmp_path / "default" / "model.json").read_text()
    (tmp_path / "default" / "model.json").write_text(text.replace("0.0661", "0.0671"))
    monkeypatch.setattr(bundle, "default_bundle_path", lambda: tmp_path / "default")
    with pytest.raises(ModelError, match="not as it was shipped"):
        load_bundle(tmp_path / "default")


def test_the_soundfonts_notices_travel_with_the_model() -> None:
    permission = "Permission is hereby granted, free of charge"
    for folder in (default_bundle_path(), REPOSITORY):
        notice = Path(folder / "NOTICE").read_text(encoding="utf-8")
        assert "S. Christian Collins" in notice
        assert permission in notice
