from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from gansynth_live.batch.order import make_order
from gansynth_live.cli.preset_option import load_settings
from gansynth_live.config import load_config, with_parts, with_values
from gansynth_live.errors import UsageError
from gansynth_live.instrument import open_library
from gansynth_live.performance.request import Request, unpack
from gansynth_live.presets.store import Store
from tests.batch.songs import notes_of, small_order
from tests.outside import small_model

MIDI = notes_of(60)


def test_a_request_arrives_as_it_was_sent() -> None:
    """With the settings of every preset of the program."""
    presets = [entry.preset for entry in Store.of_user().factory]
    assert len(presets) > 20
    for preset in presets:
        settings = load_settings(None, ["motion.glide=0.5"], None, preset)
        request = Request(settings, ("cello", "flute"), "0,1", lent={"mine": (0.1, 0.25)})
        assert unpack(request.pack()) == request
        assert unpack(request.pack()).pack() == request.pack()


def test_values_of_a_part_keep_their_types() -> None:
    orbit = {"orbit": ["cello", "flute"], "orbit_amount": 1}
    parts = [{"channels": [1], "instruments": ["choir"], "motion": orbit}]
    request = Request(with_parts(load_config(), parts, "here"))
    assert unpack(request.pack()) == request
    own = unpack(request.pack()).settings.part[0].own
    assert own == {"motion.orbit": ("cello", "flute"), "motion.orbit_amount": 1.0}


def test_only_what_is_heard_makes_another_sound(tmp_path: Path) -> None:
    order = small_order(tmp_path)

    def key(parameter: str, value: object) -> str:
        settings = with_values(order.request.settings, {parameter: value})
        return order._replace(request=replace(order.request, settings=settings)).key(MIDI)

    same = order.key(MIDI)
    assert key("audio.device", "elsewhere") == key("cache.megabytes", 500) == same
    assert order.with_threads(2).key(MIDI) == same
    assert key("voice.release", 0.7) != same
    assert key("model.inversion", "faithful") != same
    assert order.key(notes_of(61)) != same
    assert order._replace(digest="another").key(MIDI) != same


def test_threads_that_the_settings_name_are_kept(tmp_path: Path) -> None:
    order = small_order(tmp_path)
    assert order.with_threads(2).request.settings.render.workers == 2
    assert order.with_threads(2).with_threads(1).request.settings.render.workers == 2


def test_kept_instruments_go_along(tmp_path: Path) -> None:
    model = str(small_model(tmp_path, ("cello", "flute", "choir", "bell")))
    _, library = open_library(model)
    library.keep({"mine": np.array([1, 2, 3, 4], np.float32), "unused": np.ones(4, np.float32)})
    order = make_order(Request(load_config(), instruments=("mine", "cello")), model, None)
    assert list(order.request.lent) == ["mine"]
    np.testing.assert_array_equal(
        unpack(order.request.pack()).latents["mine"], open_library(model)[1].instrument("mine")
    )


def test_what_no_file_can_be_rendered_with_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'cello'"):
        small_order(tmp_path, instruments=("celo",))
