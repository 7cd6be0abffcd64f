from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads the settings and models of whoever runs it; processes inherit this."""
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("GANSYNTH_LIVE_DATA_DIR", str(tmp_path / "data"))
