"""Which parts the settings make."""

import pytest

from gansynth_live.config import load_config, with_parts
from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.instrument import open_library
from gansynth_live.latent.library import Library
from gansynth_live.parts import PartPlan, plan_parts


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library(None)[1]


def planned(library: Library, *tables: dict[str, object]) -> list[PartPlan]:
    return plan_parts(with_parts(load_config(), tables, "test"), library)


def test_without_parts_one_plays_everything(library: Library) -> None:
    [part] = planned(library)
    assert all(part.settings.plays(channel, key) for channel in range(16) for key in (0, 127))
    assert part.path.instruments == load_config().morph.instruments


def test_channels_that_no_part_names_play_the_path_of_the_settings(library: Library) -> None:
    cello = {"channels": [1, 3], "instruments": ["cello"], "transpose": 12}
    parts = planned(library, cello, {"channels": [10]})
    assert [part.path.instruments for part in parts] == [
        ("cello",),
        load_config().morph.instruments,
    ]
    assert [part.settings.plays(2, 60) for part in parts] == [True, False]
    assert [part.settings.plays(1, 60) for part in parts] == [False, True]
    assert not any(part.settings.plays(9, 60) for part in parts), "off"
    assert parts[0].settings.transpose == 12


def test_a_part_has_what_the_settings_say_but_for_its_own(library: Library) -> None:
    own = {"voice": {"attack": 0.5}, "motion": {"glide": 2.0}, "pan": 0.5}
    first, others = planned(library, {"channels": [1], "instruments": ["cello"], **own})
    assert first.settings.values["voice.attack"] == 0.5
    assert first.settings.values["part.pan"] == 0.5
    assert (first.config.motion.glide, others.config.motion.glide) == (2.0, 0.0)
    assert "voice.attack" not in others.settings.values


@pytest.mark.parametrize(
    ("tables", "error", "message"),
    [
        ([{"channels": []}], ConfigError, "every channel is off"),
        ([{"instruments": ["trombnoe"]}], UsageError, "trombone"),
        (17 * [{"channels": [1], "instruments": ["cello"]}], ConfigError, "18"),
        ([{"channels": [17]}], ConfigError, "channels"),
        ([{"chanels": [1]}], ConfigError, "channels"),
        ([{"pan": 2.0}], ConfigError, "pan"),
        ([{"voice": {"attack": -1.0}}], ConfigError, r"\[\[part\]\]: voice.attack"),
        ([{"voice": {"polyphony": 3}}], ConfigError, "no part can have that"),
        ([{"voice": 3}], ConfigError, "voice"),
    ],
)
def test_a_mistake_is_one_line(
    library: Library, tables: list[dict[str, object]], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        planned(library, *tables)
    assert "\n" not in str(caught.value)
