"""The presets of the factory and of the user: found, kept, starred, numbered."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.presets.file import SUFFIX, write
from gansynth_live.presets.preset import Preset
from gansynth_live.presets.store import Entry, Store


def sound(name: str, attack: float, **said: Any) -> Preset:
    return Preset(name=name, parts=({"voice.attack": attack},), **said)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    factory, user = tmp_path / "factory", tmp_path / "user" / "presets"
    factory.mkdir()
    for preset in (
        sound("Warm Fog", 1.0, category="Pads", tags=("slow", "dark"), notes="for the night"),
        sound("Marimba Waters", 0.1, category="Mallets", tags=("struck",)),
    ):
        write(preset, factory / (preset.name + SUFFIX))
    return factory, user


@pytest.fixture
def store(folders: tuple[Path, Path]) -> Store:
    return Store(*folders)


def names(entries: Sequence[Entry | None]) -> list[str]:
    return [entry.preset.name if entry else "" for entry in entries]


def test_factory_presets_are_numbered_by_name(store: Store) -> None:
    assert names(store.factory) == ["Marimba Waters", "Warm Fog"]
    assert store.user == []


def test_the_user_s_keep_their_numbers_whatever_comes_and_goes(
    store: Store, folders: tuple[Path, Path]
) -> None:
    for name in ("b", "a", "c"):
        store.save(sound(name, 0.2))
    write(sound("put there by hand", 0.3), folders[1] / ("zero" + SUFFIX))
    store = Store(*folders)
    assert names(store.user) == ["b", "a", "c", "put there by hand"]
    store.remove("a")
    store.save(sound("d", 0.2))
    for seen in (store, Store(*folders)):
        assert names(seen.user) == ["b", "", "c", "put there by hand", "d"]
        assert seen.places[seen.find("c").path] == (102, 2)


def test_one_is_found_in_whatever_case_and_the_user_s_own_first(store: Store) -> None:
    assert store.find("warm fog").is_factory
    store.save(sound("Warm Fog", 3.0))
    assert store.find("WARM FOG").preset.parts[0]["voice.attack"] == 3.0
    with pytest.raises(UsageError, match=r"no preset 'marimba'; did you mean 'Marimba Waters'"):
        store.find("marimba")


def test_words_category_tags_and_star_narrow_the_list(store: Store) -> None:
    store.star("Marimba Waters")
    assert names(store.search("NIGHT fog")) == ["Warm Fog"]
    assert names(store.search("cello")) == ["Marimba Waters", "Warm Fog"], "its instruments"
    assert names(store.search(category="pads")) == ["Warm Fog"]
    assert names(store.search(tags=["Dark", "slow"])) == ["Warm Fog"]
    assert names(store.search(tags=["dark", "struck"])) == []
    assert names(store.search(favourite=True)) == ["Marimba Waters"]


def test_a_favourite_stays_one_in_another_file_by_another_name(
    store: Store, folders: tuple[Path, Path]
) -> None:
    path = store.save(sound("mine", 0.7))
    store.star("mine")
    store.star("Warm Fog")
    assert names(store.favourites) == ["mine", "Warm Fog"]
    path.unlink()
    write(sound("mine too", 0.7), folders[1] / ("elsewhere" + SUFFIX))
    store = Store(*folders)
    assert names(store.favourites) == ["mine too", "Warm Fog"]
    store.star("Warm Fog", shines=False)
    assert names(Store(*folders).favourites) == ["mine too"]


def test_one_of_the_same_name_is_replaced_only_if_asked(store: Store) -> None:
    path = store.save(sound("mine", 0.7))
    before = path.read_bytes()
    with pytest.raises(UsageError, match=r"you have a preset 'Mine' already; add --replace"):
        store.save(sound("Mine", 0.8))
    assert path.read_bytes() == before
    assert store.save(sound("Mine", 0.8), over=True) == path
    assert names(store.user) == ["Mine"]


def test_a_damaged_file_hides_no_other_one(
    store: Store, folders: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    store.save(sound("mine", 0.7))
    (folders[1] / ("bad" + SUFFIX)).write_text("{")
    assert names(Store(*folders).user) == ["mine"]
    assert "bad.gansynth.json is no preset" in caplog.text


def test_the_factory_s_cannot_go(store: Store) -> None:
    with pytest.raises(UsageError, match="belongs to the program"):
        store.remove("Warm Fog")


def test_a_damaged_order_is_told(store: Store, folders: tuple[Path, Path]) -> None:
    store.save(sound("mine", 0.7))
    (folders[1] / "order.json").write_text("[1")
    with pytest.raises(ConfigError, match=r"order\.json cannot be read"):
        _ = Store(*folders).user
