"""What every test may use."""

import os
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# A test run in the background may ignore Ctrl-C; the programs that it starts would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No test touches the log or the models of whoever runs it; programs that tests start inherit this.
os.environ["GANSYNTH_LIVE_LOG_DIR"] = tempfile.mkdtemp(prefix="gansynth-live-log-")
os.environ["GANSYNTH_LIVE_DATA_DIR"] = tempfile.mkdtemp(prefix="gansynth-live-data-")

# How long an example takes says more about what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

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
