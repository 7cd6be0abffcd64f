from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.kept import KeptInstruments
from gansynth_live.latent.library import Library, random_names
from gansynth_live.latent.sphere import project

SIZE = 256
NAMED = {
    name: np.random.default_rng(i).standard_normal(SIZE).astype(np.float32)
    for i, name in enumerate(["grand piano", "flute", "drawbar organ", "viola"])
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(NAMED, SIZE, KeptInstruments("digest", tmp_path / "new" / "instruments.json"))


def test_named_instruments_lie_on_the_sphere(library: Library) -> None:
    for name in library.names:
        assert np.linalg.norm(library.instrument(name)) == pytest.approx(16.0, rel=1e-6)


def test_an_unknown_name_is_answered_with_the_nearest(library: Library) -> None:
    with pytest.raises(UsageError, match=r"no instrument 'Grand Paino'.*'grand piano'"):
        library.instrument("Grand Paino")


@given(st.permutations(list(NAMED)), st.lists(st.integers(1, 127), min_size=4, max_size=4))
def test_the_order_of_a_blend_does_not_change_a_bit(order: list[str], weights: list[int]) -> None:
    library = Library(NAMED, SIZE)
    share = dict(zip(NAMED, weights, strict=True))
    sorted_blend = Blend.of(share.items())
    shuffled = Blend.of([(name, share[name]) for name in order])
    np.testing.assert_array_equal(library.latent(sorted_blend, 60), library.latent(shuffled, 60))


def test_focus_scales_the_latent(library: Library) -> None:
    assert np.linalg.norm(library.latent(Blend.only("flute", 2.0), 60)) == pytest.approx(32.0)


def test_an_instrument_is_the_recording_that_a_key_plays(library: Library) -> None:
    recorded = np.random.default_rng(9).standard_normal(SIZE)
    keyed = Library(NAMED, SIZE, played=lambda name, p: recorded if p > 60 else NAMED[name])
    np.testing.assert_array_equal(keyed.played("flute", 61), project(recorded))
    np.testing.assert_array_equal(keyed.played("flute", 60), library.instrument("flute"))
    np.testing.assert_array_equal(keyed.instrument("flute"), library.instrument("flute"))
    half = Blend.of([("flute", 1), ("random:3", 1)])
    drawn = library.instrument("random:3")
    expected = project(project(recorded) + drawn)
    np.testing.assert_allclose(keyed.latent(half, 61), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(keyed.latent(half, 60), library.latent(half, 60))


def test_a_kept_instrument_is_the_same_at_every_key(tmp_path: Path) -> None:
    file = KeptInstruments("digest", tmp_path / "instruments.json")
    keyed = Library(NAMED, SIZE, file, played=lambda _name, p: np.eye(SIZE)[p])
    keyed.keep({"mine": keyed.instrument("random:3")})
    np.testing.assert_array_equal(keyed.played("mine", 30), keyed.played("mine", 70))


def test_directions_turn_the_latent_and_keep_its_length() -> None:
    axis = np.eye(SIZE, dtype=np.float32)
    library = Library(NAMED, SIZE, directions=lambda: {"bright": axis[3], "noise": axis[5]})
    still = library.latent(Blend.only("flute"), 60)
    there = library.latent(Blend.of([("flute", 1)], 2.0, [("bright", 1.0)]), 60)
    back = library.latent(Blend.of([("flute", 1)], 1.0, [("bright", -1.0)]), 60)
    assert np.linalg.norm(there) == pytest.approx(32.0)
    np.testing.assert_allclose(there, 2 * project(still + 16 * axis[3]), rtol=1e-5)
    assert back[3] < still[3] < there[3] / 2


def test_an_unknown_direction_is_answered_with_the_nearest() -> None:
    found = dict.fromkeys(("bright", "noise"), np.ones(SIZE))
    library = Library(NAMED, SIZE, directions=lambda: found)
    with pytest.raises(UsageError, match=r"no direction 'noisy'.*'noise'"):
        library.direction("noisy")
    with pytest.raises(UsageError, match="this model has none"):
        Library(NAMED, SIZE).direction("noise")


def test_drawn_instruments_depend_on_the_seed_only(library: Library) -> None:
    names = random_names(3, seed=11)
    latents = [library.instrument(name) for name in names]
    again = [Library(NAMED, SIZE).instrument(name) for name in names]
    np.testing.assert_array_equal(latents, again)
    assert not np.allclose(latents[0], latents[1])
    assert not np.allclose(latents[0], library.instrument("random:12:0"))
    assert np.linalg.norm(latents[0]) == pytest.approx(16.0)


def test_drawing_is_the_same_on_every_machine() -> None:
    got = Library(NAMED, SIZE, mixtures=False).instrument("random:1")
    expected = [0.37698987, 0.8962844, 0.36046624, -1.4215844]
    np.testing.assert_allclose(got[:4], expected, rtol=1e-6)


def test_drawing_a_mixture_stays_near_the_instruments() -> None:
    library = Library(NAMED, SIZE)
    named = np.stack([library.instrument(name) for name in NAMED])
    mixed = np.stack([library.instrument(name) for name in random_names(8, seed=20)])
    far = np.stack([Library({}, SIZE).instrument(name) for name in random_names(8, seed=20)])
    assert (mixed @ named.T).max(axis=1).min() > (far @ named.T).max(axis=1).max()


@pytest.mark.parametrize("name", ["random:", "random:x", "random:-1", "random:1:2:3", "random:²"])
def test_a_drawn_name_needs_a_seed(library: Library, name: str) -> None:
    with pytest.raises(UsageError, match="random:SEED"):
        library.instrument(name)


def test_a_kept_instrument_comes_back_bit_for_bit(library: Library, tmp_path: Path) -> None:
    drawn = library.instrument("random:5")
    library.keep({"my pad": drawn})
    file = KeptInstruments("digest", tmp_path / "new" / "instruments.json")
    again = Library(NAMED, SIZE, file)
    assert again.names[-1] == "my pad"
    assert again.is_kept("my pad")
    assert not again.is_kept("flute")
    np.testing.assert_array_equal(again.instrument("my pad"), library.instrument("my pad"))
    np.testing.assert_allclose(again.instrument("my pad"), drawn, rtol=1e-6)


def test_a_kept_instrument_is_not_lost_to_another(library: Library) -> None:
    library.keep({"my pad": library.instrument("random:5")})
    with pytest.raises(UsageError, match="already"):
        library.keep({"my pad": library.instrument("random:6")})


def test_each_model_sees_its_own_instruments(library: Library, tmp_path: Path) -> None:
    library.keep({"my pad": library.instrument("random:5")})
    other_file = KeptInstruments("other", tmp_path / "new" / "instruments.json")
    other = Library(NAMED, SIZE, other_file)
    assert "my pad" not in other.names
    other.keep({"my bell": other.instrument("random:6")})
    library.forget(["my pad"])
    assert Library(NAMED, SIZE, other_file).is_kept("my bell")
    with pytest.raises(UsageError, match="no kept"):
        library.forget(["my pad"])


@pytest.mark.parametrize(
    "name", ["", " ", " a", "a ", "random:3", "flute", "a,b", "a\nb", "x" * 81]
)
def test_names_that_would_confuse_are_refused(library: Library, name: str) -> None:
    with pytest.raises(UsageError):
        library.keep({"fine": np.ones(SIZE), name: library.instrument("flute")})
    assert not library.is_kept("fine")


@pytest.mark.parametrize(
    "text", ["", "[]", '{"digest": 3}', '{"digest": {"a": [1, 2]}}', '{"digest": {"a": "x"}}',
             '{"digest": {"a": [' + ", ".join(["NaN"] * SIZE) + "]}}", "[" * 100_000]
)  # fmt: skip
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "instruments.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"instruments\.json"):
        Library(NAMED, SIZE, KeptInstruments("digest", path))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    library = Library(NAMED, SIZE, KeptInstruments("digest", tmp_path / "file" / "x.json"))
    with pytest.raises(UsageError, match="cannot write"):
        library.keep({"a": library.instrument("flute")})
