"""Codes of presets: made, read again, refused."""

import zlib
from base64 import urlsafe_b64encode

import pytest

from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.presets.file import MOST_BYTES
from gansynth_live.presets.preset import Preset
from gansynth_live.presets.share import LONGEST, PREFIX, from_code, is_code, to_code
from tests.presets.test_file import LATENT, RICH

SMALL = Preset(
    name="Small",
    category="Pads",
    parts=({"morph.instruments": ("choir", "flute"), "voice.attack": 0.3, "effects.plate": 0.2},),
)


def packed(content: bytes) -> str:
    return PREFIX + urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


def test_a_preset_comes_back_from_its_code_with_line_breaks_and_blanks_in_it() -> None:
    code = to_code(RICH)
    assert is_code(code)
    lines = "\n  ".join(code[at : at + 60] for at in range(0, len(code), 60))
    assert from_code(f"\t{lines}\r\n") == RICH


def test_a_preset_without_instruments_of_its_own_takes_some_hundred_letters() -> None:
    assert len(to_code(SMALL)) < 300


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 10, 400])
def test_a_code_that_is_cut_off_says_so(cut: int) -> None:
    with pytest.raises(ConfigError, match="cut off or has a wrong letter"):
        from_code(to_code(RICH)[:-cut])


def test_no_single_wrong_letter_makes_another_preset() -> None:
    code = to_code(SMALL)
    for at in range(len(PREFIX), len(code)):
        other = "B" if code[at] == "A" else "A"
        try:
            assert from_code(code[:at] + other + code[at + 1 :]) == SMALL
        except ConfigError as error:
            assert "cut off or has a wrong letter" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", r"'' is no code of a preset; those begin with gsl1:"),
        ("glass choir", r"is no code"),
        ("gsl2:abc", r"of a newer gansynth-live"),
        ("gsl1:", r"cut off"),
        ("gsl1:ä", r"cut off"),
        ("gsl1:a+b/", r"cut off"),
        (PREFIX + "A" * LONGEST, r"longer than 12000 letters"),
        ("A" * 100_000, r"too long"),
        (packed(b" " * (MOST_BYTES + 1)), r"larger than 64 KiB"),
        (packed(b" " * 8_000_000), r"larger than 64 KiB"),
        (packed(b"[]"), r"the code is no preset"),
        (packed(b'{"format": 9}'), r"the code is a preset of format 9"),
    ],
)
def test_what_is_none_is_refused_in_one_line(code: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        from_code(code)
    assert "\n" not in str(error.value)


def test_a_code_that_nobody_could_read_again_is_not_made() -> None:
    own = {f"own {number}": (LATENT * (1 + number)).tobytes() for number in range(12)}
    with pytest.raises(UsageError, match="send its file"):
        to_code(Preset(name="Many", instruments=own))
