"""Names that are drawn from how instruments sound, beside names that people gave them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.model.bundle import default_bundle_path, load_bundle
from gansynth_live.model.directions.describing import COMPARED, describe, described
from gansynth_live.model.directions.measures import MEASURES

KNOWN = {
    "kalimba": "plucked",
    "koto": "plucked",
    "marimba": "plucked",
    "banjo": "plucked",
    "electric piano": "fading",
    "finger bass": "fading",
    "cello": "swelling",
    "strings": "swelling",
    "warm pad": "swelling",
    "oboe": "swelling",
    "clarinet": "sustained",
    "trumpet": "sustained",
    "tuba": "sustained",
    "ocarina": "sustained",
    "tenor sax": "sustained",
    "rock organ": "sustained",
}
STRIKING = {
    "ocarina": "hollow",
    "rock organ": "noisy",
    "trumpet": "bright",
    "tuba": "round",
    "marimba": "round",
}


@pytest.fixture(scope="module")
def words(cache_folder: Path) -> dict[str, list[str]]:
    """Those for some instruments of the shipped model."""
    shipped = load_bundle(default_bundle_path())
    some = replace(shipped, instruments={name: shipped.instruments[name] for name in KNOWN})
    told: list[tuple[int, int]] = []
    names = list(describe(some, lambda *notes: told.append(notes)))
    assert max(told) == (3 * COMPARED, 3 * COMPARED)
    return {name: found.split() for name, found in zip(KNOWN, names, strict=True)}


def test_the_course_of_the_level_is_heard(words: dict[str, list[str]]) -> None:
    assert {name: found[1] for name, found in words.items()} == KNOWN


def test_what_is_striking_about_the_spectrum_is_heard(words: dict[str, list[str]]) -> None:
    assert {name: words[name][0] for name in STRIKING} == STRIKING


def test_numbers_are_places(words: dict[str, list[str]]) -> None:
    assert [found[2] for found in words.values()] == [str(i + 1) for i in range(len(KNOWN))]


def test_instruments_that_are_all_alike_are_plain() -> None:
    assert described(np.zeros((3, len(MEASURES)))) == ["plain swelling"] * 3
