"""From a preset to the settings of an instrument, and from settings to a preset."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gansynth_live.config import Config, load_config, with_parts
from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.instrument import open_library
from gansynth_live.latent.library import Library
from gansynth_live.model.bundle import Bundle
from gansynth_live.parts import plan_parts
from gansynth_live.presets.file import parse, to_json
from gansynth_live.presets.preset import MadeFor, Preset, preset_of
from gansynth_live.presets.settings import lend_instruments, patch_of, tables_of
from tests.tuning.scales import MEANTONE

RACK = (
    {"channels": [1], "instruments": ["flute", "cello"], "voice": {"attack": 0.1}, "pan": -0.5},
    {"channels": [2, 3], "instruments": ["harp"], "low": 60, "motion": {"lfo_depth": 0.5}},
    {"channels": [4], "instruments": ["harp"], "tuning": {"scale": MEANTONE, "a4": 415.0}},
    {"channels": [10], "instruments": []},
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))


@pytest.fixture
def opened() -> tuple[Bundle, Library]:
    return open_library(None)


def saved(config: Config, bundle: Bundle, library: Library) -> Preset:
    made_for = MadeFor(bundle.spec.name, bundle.digest)
    return preset_of(patch_of(config, library), library, made_for, "Test")


@pytest.mark.parametrize("parts", [(), RACK])
def test_settings_come_back_from_their_preset(
    opened: tuple[Bundle, Library], parts: tuple[dict[str, Any], ...]
) -> None:
    overrides = ["voice.release=1.5", "effects.plate_decay=4.0", 'morph.instruments=["koto"]']
    config = with_parts(load_config(None, overrides), parts, "test")
    preset = parse(to_json(saved(config, *opened)), "a.json")
    again = load_config(None, (), tables_of(preset.patch))
    assert patch_of(again, opened[1]) == patch_of(config, opened[1])
    assert saved(again, *opened) == preset
    silent = [plan.settings.channels for plan in plan_parts(again, opened[1])]
    assert (any(10 in channels for channels in silent) or silent == [()]) == (not parts)


def test_the_file_s_sound_gives_way_to_the_preset_s_and_its_set_up_stays(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        "[voice]\nattack = 2.0\npolyphony = 7\n[audio]\nblock = 64\n"
        "[effects]\nplate = 0.9\n[[part]]\nchannels = [2]\ninstruments = ['harp']\n"
    )
    config = load_config(None, (), tables_of(Preset(name="A").patch))
    assert (config.voice.attack, config.effects.plate) == (0.002, 0.12)
    assert (config.voice.polyphony, config.audio.block) == (7, 64)
    assert len(config.part) == 1


def test_the_command_line_counts_more_than_the_preset() -> None:
    preset = Preset(name="A", parts=({"voice.attack": 1.0, "voice.decay": 1.0}, {}))
    config = load_config(None, ["voice.attack=0.5"], tables_of(preset.patch))
    assert config.voice.attack == 0.5
    assert [part.own for part in config.part] == [{"voice.decay": 1.0}, {}]
    with pytest.raises(ConfigError, match=r"command line: unknown section 'vocie'"):
        load_config(None, ["vocie.attack=0.5"], tables_of(preset.patch))


def test_the_user_s_own_instrument_goes_along_bit_for_bit(
    opened: tuple[Bundle, Library], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle, library = opened
    library.keep({"my kazoo": np.random.default_rng(1).standard_normal(256)})
    config = load_config(None, ['morph.instruments=["my kazoo", "flute"]'])
    preset = parse(to_json(saved(config, bundle, library)), "a.json")
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path / "elsewhere"))
    _, other = open_library(None)
    lend_instruments(preset, bundle, other)
    kazoo = other.instrument("my kazoo")
    assert kazoo.tobytes() == library.instrument("my kazoo").tobytes()
    assert "my kazoo" not in other.names
    assert saved(config, bundle, other) == preset
    lend_instruments(preset, bundle, library)  # where it is kept, it is the same one


def test_what_the_model_has_not_is_named_and_nothing_is_lent(
    opened: tuple[Bundle, Library],
) -> None:
    bundle, library = opened
    latent = np.ones(256, np.float32).tobytes()
    path = {"morph.instruments": ("kazoo", "flute", "vuvuzela", "random:7")}
    foreign = Preset(
        name="A", model=MadeFor("Other", "1"), instruments={"kazoo": latent}, parts=(path,)
    )
    with pytest.raises(UsageError, match=r"of its own \('kazoo'\) of the model 'Other'"):
        lend_instruments(foreign, bundle, library)
    missing = Preset(name="A", parts=(path,))
    with pytest.raises(UsageError, match=r"needs 'kazoo', 'vuvuzela', which the model"):
        lend_instruments(missing, bundle, library)
    assert not library.has("kazoo")


def test_another_instrument_of_the_same_name_is_not_taken_for_it(
    opened: tuple[Bundle, Library],
) -> None:
    bundle, library = opened
    for name in ("flute", "random:7"):
        own = {name: np.ones(256, np.float32).tobytes()}
        preset = Preset(name="A", model=MadeFor("", bundle.digest), instruments=own)
        with pytest.raises(UsageError, match=f"there is another instrument '{name}' here"):
            lend_instruments(preset, bundle, library)
