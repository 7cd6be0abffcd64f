"""Parameters of a playing instrument: set, read, loaded, and told of."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.config import DRY, load_config, with_parts, with_values
from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.instrument import Instrument, open_instrument
from gansynth_live.patch import Patch, parse_patch
from gansynth_live.patch_state import EVERY_PART
from gansynth_live.synth import Synth
from tests.tuning.scales import equal, keyboard_map

RATE = 16_000
PATIENCE = 120.0  # seconds
PARTS = (
    {"channels": [1], "instruments": ["flute", "cello"], "voice": {"attack": 0.1}},
    {"channels": [2], "instruments": ["church organ"]},
)


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return open_instrument(None, "phase-locked", RATE)


def dry_synth(instrument: Instrument) -> Synth:
    """With three parts."""
    config = with_parts(with_values(load_config(), DRY), PARTS, "test")
    return Synth(config, instrument, pytest.fail)


@pytest.fixture
def synth(instrument: Instrument) -> Synth:
    """With three parts; it renders nothing, since nothing is played."""
    return Synth(
        with_parts(with_values(load_config(), DRY), PARTS, "test"), instrument, pytest.fail
    )


@pytest.fixture(scope="module")
def rendered(instrument: Instrument) -> Iterator[Synth]:
    """The same with all of its notes."""
    synth = Synth(
        with_parts(with_values(load_config(), DRY), PARTS, "test"), instrument, pytest.fail
    )
    synth.start()
    assert synth.renders.wait_until_ready(timeout=PATIENCE)
    yield synth
    synth.close()


@pytest.fixture
def playing(rendered: Synth) -> Iterator[Synth]:
    """Silent at first, and left as it was."""
    before = rendered.patch()
    yield rendered
    rendered.load(before)
    settle(rendered)


def settle(synth: Synth, frames: int = 64) -> None:
    """Let what was asked for happen."""
    synth.advance(frames)
    synth.attend()


def onsets(synth: Synth, velocity: int = 100) -> NDArray[np.float64]:
    """[part, side] level of the first moments of a note on each part, which is silenced then."""
    levels = []
    for channel in range(3):
        synth.send(0x90 | channel, 60, velocity)
        heard = synth.advance(RATE // 10).astype(np.float64)
        levels.append(np.sqrt(np.mean(heard**2, axis=1)))
        synth.fade()
        settle(synth, RATE // 4)
    return np.array(levels)


def names_of(synth: Synth, part: int) -> dict[str, float]:
    return dict(synth.snapshot().blends[part].weights)


def test_a_parameter_changes_the_sound_of_its_part_alone(playing: Synth) -> None:
    before = onsets(playing)
    playing.set(1, "voice.attack", 10.0)
    playing.set(2, "part.pan", -1.0)
    after = onsets(playing) / before
    assert after[0] == pytest.approx(1.0, abs=0.02)
    assert np.all(after[1] < 0.1)
    assert after[2] == pytest.approx((2.0**0.5, 0.0), abs=0.02)


def test_touch_of_a_part(playing: Synth) -> None:
    for parameter in ("velocity_curve", "velocity_brightness"):
        playing.set(0, f"voice.{parameter}", 0.0)
    soft, loud = onsets(playing, 1), onsets(playing, 127)
    assert soft[0] == pytest.approx(loud[0], rel=0.02)
    assert np.all(soft[1:] < 0.1 * loud[1:])


def test_what_all_parts_share_and_what_a_panic_leaves(playing: Synth) -> None:
    before = onsets(playing)
    playing.set(2, "output.gain_db", -20.0)
    playing.panic()
    settle(playing)
    assert onsets(playing) == pytest.approx(0.1 * before, rel=0.02)
    assert playing.parameters.value(0, "output.gain_db") == -20.0


def test_a_part_is_tuned_alone_and_a_panic_leaves_that(synth: Synth) -> None:
    synth.set(1, "tuning.scale", equal(24))
    synth.set(1, "tuning.map", keyboard_map((0, None), octave=2, reference=70))
    synth.panic()
    settle(synth)
    pitch_of = synth.machine.tunings.pitch_of
    assert [pitch_of(0, key) for key in (60, 61, 62)] == [60, 61, 62]
    assert [pitch_of(1, key) for key in (69, 70, 71)] == [None, 69, None]
    synth.load(Patch({}, ({}, {}, {})))
    assert pitch_of(1, 71) == 71


def test_morph_controls_of_a_part(synth: Synth) -> None:
    synth.set(0, "morph.position", 1.0)
    settle(synth)
    assert names_of(synth, 0) == {"cello": 1.0}
    assert synth.parameters.value(0, "morph.position") == 1.0
    synth.set(0, "morph.weights.1", 0.5)
    settle(synth)
    assert names_of(synth, 0) == {"flute": 1.0}
    synth.set(0, "morph.program", "choir")
    settle(synth)
    assert names_of(synth, 0) == {"choir": 1.0}
    assert names_of(synth, 1) == {"church organ": 1.0}


def test_another_path_keeps_the_knobs_where_they_are(synth: Synth) -> None:
    synth.set(0, "morph.position", 1.0)
    synth.set(0, "motion.glide", 0.5)
    synth.set(0, "morph.instruments", ["choir", "strings"])
    settle(synth)
    assert names_of(synth, 0) == {"strings": 1.0}
    assert synth.parameters.value(0, "motion.glide") == 0.5


def test_everybody_hears_what_changes_and_who_turned_it(synth: Synth) -> None:
    heard: list[tuple[int, str, Any]] = []
    synth.parameters.subscribe(lambda *change: heard.append(change))
    synth.set(1, "voice.attack", 1.0)
    settle(synth)
    synth.send(0xB0, 1, 127)
    synth.send(0xB1, 74, 127)
    settle(synth)
    synth.set(0, "output.gain_db", -3.0)
    settle(synth)
    assert heard == [
        (1, "voice.attack", 1.0),
        (1, "voice.brightness", 1.0),
        (0, "morph.position", 1.0),
        (EVERY_PART, "output.gain_db", -3.0),
    ]
    synth.panic()
    settle(synth)
    settle(synth)
    assert heard[4:] == [(1, "voice.brightness", 0.0)]


def test_a_patch_is_read_and_loaded(synth: Synth, instrument: Instrument) -> None:
    for part, parameter, value in (
        (0, "voice.attack", 0.7),
        (1, "tuning.scale", equal(19)),
        (1, "morph.weights.1", 0.4),
        (2, "morph.program", "harp"),
        (2, "motion.lfo_shape", "triangle"),
        (0, "part.level_db", -7.5),
        (0, "effects.plate", 0.2),
        (0, "output.ceiling_db", -3.0),
    ):
        synth.set(part, parameter, value)
        settle(synth)
    patch = parse_patch(synth.patch().to_json(), "a.json")
    other = Synth(
        with_parts(with_values(load_config(), DRY), PARTS, "test"), instrument, pytest.fail
    )
    other.load(patch)
    settle(other)
    assert other.patch() == synth.patch()
    assert other.snapshot().blends == synth.snapshot().blends


def test_an_empty_patch_is_the_default_one(synth: Synth) -> None:
    synth.set(0, "voice.attack", 0.7)
    synth.load(Patch({}, ({}, {}, {})))
    settle(synth)
    assert synth.parameters.value(0, "voice.attack") == 0.002
    assert names_of(synth, 0) == {"cello": 1.0}


@pytest.mark.parametrize(
    ("part", "parameter", "value", "message"),
    [
        (3, "voice.attack", 1.0, r"no part 4; there are 3"),
        (0, "voice.atack", 1.0, r"unknown parameter 'voice\.atack'; did you mean"),
        (0, "voice.attack", 21.0, r"voice\.attack = 21\.0: Expected .*<= 20"),
        (0, "voice.attack", "slow", r"Expected .*float"),
        (0, "audio.block", 64, r"audio\.block belongs to the set-up"),
        (0, "channel.volume", 1.0, r"is the channel's: send it a control change"),
        (0, "part.low", 60, r"says how a part is made"),
        (0, "morph.instruments", ["trumpett"], r"trumpett"),
        (0, "morph.program", "trumpett", r"trumpett"),
        (0, "morph.directions.noisy", 1.0, r"noisy"),
        (0, "tuning.scale", "meantone.scl", r"tuning\.scale: no scale"),
        (0, "tuning.map", "a\nb\nc\nd\ne\nf\ng\n", r"tuning\.map: line 1: the size 'a'"),
        (0, "tuning.a4", 300.0, r"tuning\.a4 = 300\.0"),
    ],
)
def test_what_cannot_be_set(
    synth: Synth, part: int, parameter: str, value: object, message: str
) -> None:
    before = synth.patch()
    with pytest.raises((ConfigError, UsageError), match=message) as error:
        synth.set(part, parameter, value)
    assert "\n" not in str(error.value)
    settle(synth)
    assert synth.patch() == before


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (({},), r"the patch has 1 parts and here are 3"),
        (({"part.low": 60}, {}, {}), r"part\.low of part 1 is another"),
        (({}, {}, {"morph.program": "trumpett"}), r"trumpett"),
    ],
)
def test_a_patch_that_does_not_fit_changes_nothing(
    synth: Synth, parts: tuple[dict[str, Any], ...], message: str
) -> None:
    before = synth.patch()
    with pytest.raises((ConfigError, UsageError), match=message):
        synth.load(Patch({"output.gain_db": -9.0}, parts))
    settle(synth)
    assert synth.patch() == before
