"""Whatever a configuration file holds: it is read, or refused by ConfigError."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gansynth_live.config import default_file, load_config
from gansynth_live.errors import ConfigError

SHIPPED = default_file().read_text()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fuzz.toml"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, len(SHIPPED)),
    removed=st.integers(0, 12),
    put=st.text(alphabet="[]={}\"'.,#-0 1e9naif\n\\\x00é", max_size=6),
)
def test_mutants_of_the_defaults(path: Path, at: int, removed: int, put: str) -> None:
    path.write_text(SHIPPED[:at] + put + SHIPPED[at + removed :], encoding="utf-8")
    try:
        load_config(path)
    except ConfigError as error:
        assert "\n" not in str(error)  # noqa: PT017 - a refusal is as good as a result here


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_garbage(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        load_config(path)
    except ConfigError as error:
        assert str(path) in str(error)  # noqa: PT017 - a refusal is as good as a result here
