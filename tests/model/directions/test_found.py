"""Directions of the shipped model, heard on instruments that were not probed."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from gansynth_live.folders import user_cache_dir
from gansynth_live.model.bundle import Bundle, default_bundle_path, load_bundle
from gansynth_live.model.directions import Directions, directions_of
from gansynth_live.model.directions.measures import MEASURES
from gansynth_live.model.directions.probes import Probes

PROPERTIES = [measure.name for measure in MEASURES]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(default_bundle_path())


@pytest.fixture(scope="module")
def found(cache_folder: Path, bundle: Bundle) -> Directions:
    told: list[tuple[int, int]] = []
    directions = directions_of(bundle, lambda *notes: told.append(notes))
    assert max(told) == (told[0][1], told[0][1])
    return directions


def test_vectors_are_orthonormal(found: Directions, bundle: Bundle) -> None:
    assert found.vectors.shape == (len(found.names), bundle.spec.latent_size)
    np.testing.assert_allclose(found.vectors @ found.vectors.T, np.eye(len(found.names)), atol=1e-5)


def test_the_shipped_model_has_a_direction_for_every_property(found: Directions) -> None:
    assert len(set(found.names)) == len(found.names)
    assert set(PROPERTIES) <= set(found.names)


def test_a_direction_changes_what_it_is_named_for_on_other_notes(
    found: Directions, bundle: Bundle
) -> None:
    probes = Probes(bundle, lambda: None)
    unheard = list(bundle.instruments)[4::11]
    notes = [(bundle.instruments[name], key) for name in unheard for key in (43, 67)]
    names = ["brightness", "attack", "noise", "hollowness", "fundamental", "loudness"]
    vectors = np.array([found.by_name()[name] for name in names], np.float64)
    changes = probes.changes(vectors, notes)
    for name, change in zip(names, changes, strict=True):
        measure = PROPERTIES.index(name)
        relative = change[:, measure].mean() / found.spreads[measure]
        assert relative > 0.4, name
        assert (change[:, measure] > 0).mean() >= 0.8, name


def test_what_is_said_of_a_direction_begins_with_its_name(found: Directions) -> None:
    changes = found.changes(found.names.index("noise"))
    first = next(iter(changes))
    assert first == "noise"
    assert changes[first].by > 0
    assert changes[first].is_heard


def test_they_are_read_from_the_cache_and_a_damaged_one_is_not_believed(
    found: Directions, bundle: Bundle
) -> None:
    def unwanted(done: int, notes: int) -> None:
        raise InterruptedError

    (path,) = (user_cache_dir() / "directions").glob("*.json")
    whole = path.read_bytes()
    assert directions_of(bundle, unwanted) == found
    doubled = [[2 * value for value in row] for row in found.rows]
    changes: tuple[dict[str, object], ...] = (
        {"rows": doubled},
        {"rows": [row[:-1] for row in found.rows]},
        {"names": ["same"] * len(found.names)},
        {"strengths": []},
        {"effects": [[0.0]]},
    )
    for change in changes:
        path.write_bytes(msgspec.json.encode(msgspec.to_builtins(found) | change))
        with pytest.raises(InterruptedError):
            directions_of(bundle, unwanted)
    path.write_bytes(whole[:-9])
    with pytest.raises(InterruptedError):
        directions_of(bundle, unwanted)
    path.write_bytes(whole)
    assert directions_of(bundle, unwanted) == found
