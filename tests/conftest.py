"""What every test may use."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


def shared_folder() -> Path:
    """Reference data made outside the project: beside the repository, or $GANSYNTH_SHARED."""
    return Path(os.environ.get("GANSYNTH_SHARED", REPOSITORY.parent / "shared"))


@pytest.fixture(scope="session")
def golden() -> Path:
    """Folder with outputs of the original Magenta code."""
    folder = shared_folder() / "golden"
    if not folder.is_dir():
        pytest.skip(f"no reference outputs of the original code in {folder}")
    return folder


@pytest.fixture(scope="session")
def starter_model() -> Path:
    """Folder with the starter model's reference outputs."""
    folder = shared_folder() / "starter_model"
    if not folder.is_dir():
        pytest.skip(f"no starter model in {folder}")
    return folder
