"""The table of General MIDI programs."""

import pytest

from gansynth_live.errors import ModelError
from gansynth_live.model.bundle import default_bundle_path, load_bundle
from gansynth_live.model.programs import pack_programs, parse_programs


def test_the_shipped_model_knows_all_programs() -> None:
    bundle = load_bundle(default_bundle_path())
    assert len(bundle.programs) == 128
    named = {0: "grand piano", 19: "church organ", 40: "violin", 56: "trumpet", 73: "flute"}
    assert {program: bundle.programs[program] for program in named} == named
    basses = {bundle.programs[program] for program in range(32, 40)}
    assert all("bass" in name for name in basses)


def test_what_is_packed_is_parsed() -> None:
    names = tuple("ab"[number % 2] for number in range(128))
    assert parse_programs(pack_programs(names), {"a", "b"}) == names


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'["a"]', "1 programs"),
        (b"{}", "damaged"),
        (b"\xff", "damaged"),
        (pack_programs(["x"] * 128), "'x' is no instrument"),
    ],
)
def test_anything_else_is_refused(text: bytes, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        parse_programs(text, {"a"})
