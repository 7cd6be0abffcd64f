"""Parts as the command line names them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.cli.part_options import parse_part, with_part_options
from gansynth_live.config import load_config
from gansynth_live.errors import ConfigError, GansynthError, UsageError


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("1: cello", {"channels": [1], "instruments": ["cello"]}),
        ("2-4,9: choir > flute", {"channels": [2, 3, 4, 9], "instruments": ["choir", "flute"]}),
        ("10: off", {"channels": [10], "instruments": []}),
        (
            "all: grand piano, level=-6, pan=-0.5, keys=36-59, transpose=-12",
            {
                "channels": [],
                "instruments": ["grand piano"],
                "level_db": -6.0,
                "pan": -0.5,
                "low": 36,
                "high": 59,
                "transpose": -12,
            },
        ),
    ],
)
def test_what_is_written_is_meant(text: str, table: dict[str, object]) -> None:
    assert parse_part(text) == table


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("cello", "1: cello"),
        ("1:", "1: cello"),
        ("one: cello", "2-4"),
        ("1: cello, loud", "level=-6"),
        ("1: cello, level=loud", "level=-6"),
        ("1: cello, keys=c", "keys=36-59"),
    ],
)
def test_a_mistake_is_one_line_with_the_cure(text: str, cure: str) -> None:
    with pytest.raises(UsageError, match=cure) as caught:
        parse_part(text)
    assert "\n" not in str(caught.value)


def test_options_take_the_place_of_the_settings() -> None:
    config = with_part_options(load_config(), ["3: cello, level=-6"])
    assert [(part.channels, part.level_db) for part in config.part] == [((3,), -6.0)]
    assert with_part_options(config, None) is config


def test_a_part_has_settings_of_its_own() -> None:
    config = with_part_options(
        load_config(), ["1: cello, voice.attack=0.5 s, vibrato.amount=0, motion.lfo_shape=triangle"]
    )
    [part] = config.part
    assert part.own == {
        "voice.attack": 0.5,
        "vibrato.amount": 0.0,
        "motion.lfo_shape": "triangle",
    }


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("voice.atack=1", "unknown parameter 'voice.atack'; did you mean 'voice.attack'"),
        ("voice.attack=slow", "voice.attack = 'slow': Expected .*float"),
        ("voice.steal_fade=0.01", "voice.steal_fade: no part can have that for itself"),
        ("morph.instruments=flute", "Expected"),
        ("audio.block=64", "audio"),
    ],
)
def test_what_no_part_can_have_for_itself(setting: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        with_part_options(load_config(), [f"1: cello, {setting}"])
    assert "\n" not in str(caught.value)


@given(st.text(st.sampled_from("0123456789:,-> =abklev."), max_size=30))
def test_any_text_is_a_part_or_an_error(text: str) -> None:
    with suppress(GansynthError):
        with_part_options(load_config(), [text])
