"""A patch in a file."""

from pathlib import Path

import pytest

from gansynth_live.errors import ConfigError
from gansynth_live.patch import Patch, parse_patch, read_patch


def test_it_comes_back_as_it_was_written() -> None:
    part = {"voice.attack": 0.5, "morph.instruments": ("cello",), "part.level_db": -3.0}
    patch = Patch({"output.gain_db": -6.0}, (part, {}))
    assert parse_patch(patch.to_json(), "a.json") == patch


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"a\.json is no patch"),
        (b"[]", r"a\.json is no patch"),
        (b'{"all": {}}', r"no patch: .*parts"),
        (b'{"all": {}, "parts": [], "extra": 1}', r"no patch: .*extra"),
        (b"[" * 100_000, r"is no patch"),
        (b'{"all": {"audio.block": 64}, "parts": []}', r"no parameter of a patch: 'audio\.block'"),
        (b'{"all": {"voice.attack": 1}, "parts": []}', r"no parameter of a patch"),
        (b'{"all": {}, "parts": [{"voice.atack": 1}]}', r"did you mean 'voice\.attack'"),
        (b'{"all": {}, "parts": [{"voice.attack": 99}]}', r"voice\.attack = 99: Expected"),
        (b'{"all": {}, "parts": [{"channel.volume": 1}]}', r"no parameter of a patch"),
        (b" " * (1024 * 1024 + 1), r"larger than 1 MiB"),
    ],
)
def test_what_is_none_is_refused_in_one_line(content: bytes, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        parse_patch(content, "a.json")
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*b\.json: No such file"):
        read_patch(tmp_path / "b.json")
