"""Models become instruments."""

from pathlib import Path

import numpy as np
import pytest

from gansynth_live.config import Config, load_config
from gansynth_live.errors import UsageError
from gansynth_live.instrument import (
    FIRST_INSTRUMENTS,
    make_controls,
    open_library,
    path_instruments,
)
from gansynth_live.latent.library import Library
from gansynth_live.latent.path import MorphPath
from gansynth_live.model.checkpoint.importer import import_checkpoint

BY_DEFAULT = Config().morph.instruments


def library(*names: str) -> Library:
    return Library({name: np.ones(4) for name in names}, 4)


def test_the_settings_name_the_path() -> None:
    assert path_instruments(BY_DEFAULT, library(*BY_DEFAULT)) == BY_DEFAULT
    assert path_instruments(["b", "random:1"], library("a", "b")) == ("b", "random:1")


def test_another_model_plays_by_default_too() -> None:
    names = ("a", "b", "cello", "d", "e")
    assert path_instruments(BY_DEFAULT, library(*names)) == names[:FIRST_INSTRUMENTS]


def test_who_asks_for_an_unknown_instrument_is_told() -> None:
    with pytest.raises(UsageError, match="no instrument 'nope'"):
        path_instruments(["nope"], library("a", "b"))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("motion.orbit=['b', 'c']", "no instrument 'c'"),
        ("morph.directions={noisy=0.3}", "no direction 'noisy'.*did you mean 'noise'"),
    ],
)
def test_who_assigns_what_the_model_lacks_is_told(setting: str, message: str) -> None:
    named = {name: np.ones(4) for name in ("a", "b")}
    opened = Library(named, 4, directions=lambda: {"noise": np.eye(4)[0]})
    path = MorphPath(("a", "b"))
    with pytest.raises(UsageError, match=message):
        make_controls(load_config(overrides=[setting]), path, opened)
    controls = make_controls(
        load_config(overrides=["controllers.morph.directions.noise=30"]), path, opened
    )
    controls.feed(0.0, 0xB0, 30, 127)
    assert controls.blend_at(0.0).moves == (("noise", 1.0),)


def test_an_imported_gan_draws_from_its_own_distribution(golden: Path, tmp_path: Path) -> None:
    import_checkpoint(golden / "small", tmp_path / "model", "unknown")
    bundle, opened = open_library(tmp_path / "model")
    plain = Library(bundle.instruments, bundle.spec.latent_size, mixtures=False)
    np.testing.assert_array_equal(opened.instrument("random:3"), plain.instrument("random:3"))
