"""Blends from frames that are kept: near what the network makes of them, whatever is in memory."""

from weakref import ReferenceType, ref

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.library import Library
from gansynth_live.model.bundle import default_bundle_path, load_bundle
from gansynth_live.model.generator import Generator, open_generator
from gansynth_live.render.notes.finite import NonFiniteSoundError
from gansynth_live.render.notes.frame_cache import FrameCache
from gansynth_live.render.notes.renderer import NoteRenderer
from tests.render.conftest import HIGH, LOW, latent

BETWEEN = Blend.of([("flute", 0.6), ("organ", 0.4)])
BESIDE = Blend.of([("flute", 0.9), ("organ", 0.1)])
BANDS, FLOOR_DB, HELD = 80, -60.0, 96  # frames before the release


@pytest.fixture
def cache(renderer: NoteRenderer) -> FrameCache:
    return FrameCache(renderer.generator, latent)


class Shipped:
    """The shipped model's own frames, and those that are mixed."""

    def __init__(self, generator: Generator, library: Library) -> None:
        self.names = library.names
        self._generator = generator
        self._latent = library.latent
        self._cache = FrameCache(generator, library.latent)

    def distance(self, blend: Blend, pitch: int) -> float:
        """Between both, level taken off: dB, mean over bands and frames."""
        z, count = self._latent(blend, pitch), self._generator.spec.frames
        own = self._generator.begin(z[np.newaxis], np.array([pitch])).frames(0, count)[0]
        mixed = self._cache.mixture(blend, pitch).frames(0, count)[0]
        both = [in_bands(frames) for frames in (own, mixed)]
        return float(np.abs(both[0] - both[1])[:HELD].mean())


def in_bands(frames: NDArray[np.float32]) -> NDArray[np.float64]:
    """Levels [frames, bands] in dB below the loudest, -60 at least."""
    power = np.exp(frames[..., 0].astype(np.float64))
    bins = power.shape[1] // BANDS * BANDS
    levels = 10 * np.log10(power[:, :bins].reshape(len(power), BANDS, -1).sum(2))
    floored: NDArray[np.float64] = np.maximum(levels - levels.max(), FLOOR_DB)
    return floored


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    bundle = load_bundle(default_bundle_path())
    library = Library(bundle.instruments, bundle.spec.latent_size, played=bundle.latent)
    return Shipped(open_generator(bundle, threads=1), library)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_mixed_blend_lies_within_a_fifth_of_a_decibel_of_the_networks(
    shipped: Shipped, count: int
) -> None:
    random = np.random.default_rng(count)
    distances = []
    for pitch in (28, 36, 45, 52, 60, 67, 74, 82, 60, 48, 40, 55):
        names = random.choice(shipped.names, count, replace=False)
        weights = random.dirichlet(np.ones(count))
        blend = Blend.of(zip(map(str, names), weights.tolist(), strict=True))
        distances.append(shipped.distance(blend, pitch))
    assert np.mean(distances) < 0.2
    assert np.quantile(distances, 0.9) < 0.5


def test_places_of_the_grid_are_what_the_network_makes(
    cache: FrameCache, renderer: NoteRenderer
) -> None:
    for timbre in (Blend.only("flute"), Blend.of([("flute", 0.5), ("organ", 0.5)]), "bell"):
        own = renderer.generator.begin(latent(timbre, LOW)[np.newaxis], np.array([LOW]))
        np.testing.assert_array_equal(cache.begin(timbre, LOW).frames(3, 9), own.frames(3, 9))


def test_what_is_in_memory_changes_no_bit(renderer: NoteRenderer) -> None:
    plain = FrameCache(renderer.generator, latent).mixture(BETWEEN, LOW).frames(0, 32)
    used = FrameCache(renderer.generator, latent)
    for pieces in ([(9, 12), (0, 20), (20, 32)], [(0, 32)], [(30, 32), (1, 31), (0, 1)]):
        note = used.mixture(BETWEEN, LOW)
        for start, stop in pieces:
            np.testing.assert_array_equal(note.frames(start, stop), plain[:, start:stop])


def test_the_network_runs_once_for_all_that_lies_between_two_places(
    renderer: NoteRenderer,
) -> None:
    asked: list[Blend] = []

    def told(timbre: Blend, pitch: int) -> NDArray[np.float32]:
        asked.append(timbre)
        return latent(timbre, pitch)

    cache = FrameCache(renderer.generator, told)
    for share in (0.51, 0.6, 0.7):
        blend = Blend.of([("flute", share), ("organ", 1 - share)])
        cache.mixture(blend, LOW).frames(0, 32)
    places = [Blend.of([("flute", share), ("organ", 1 - share)]) for share in (0.5, 0.75)]
    assert len(asked) == 2
    assert set(asked) == set(places)


def test_the_least_recently_used_go_first(renderer: NoteRenderer) -> None:
    asked: list[int] = []

    def told(_timbre: str, pitch: int) -> NDArray[np.float32]:
        asked.append(pitch)
        return latent("bell", pitch)

    cache = FrameCache(renderer.generator, told, most=3)
    for pitch in (60, 61, 62, 60, 63, 60, 61):
        cache.mixture("bell", pitch).frames(0, 32)
    assert asked == [60, 61, 62, 63, 61]


def test_a_part_that_is_no_number_is_refused_and_asked_for_again(renderer: NoteRenderer) -> None:
    class Broken:
        spec, grain = renderer.generator.spec, renderer.generator.grain
        bad = True

        def begin(self, _z: object, _pitch: object) -> object:
            return self

        def frames(self, start: int, stop: int) -> NDArray[np.float32]:
            shape = 1, stop - start, self.spec.mel_bins, 2
            return np.full(shape, np.nan if self.bad else 0.0, np.float32)

    broken = Broken()
    note = FrameCache(broken, latent).mixture(BETWEEN, HIGH)  # type: ignore[arg-type]
    with pytest.raises(NonFiniteSoundError, match="choose other instruments"):
        note.frames(0, 8)
    broken.bad = False
    assert not note.frames(0, 8).any()


def test_at_first_what_is_asked_for_is_made_and_then_all_the_rest(renderer: NoteRenderer) -> None:
    made: list[tuple[int, int]] = []

    class Watched:
        spec, grain = renderer.generator.spec, renderer.generator.grain

        def begin(self, z: NDArray[np.float32], pitch: NDArray[np.integer]) -> object:
            self.note = renderer.generator.begin(z, pitch)
            return self

        def frames(self, start: int, stop: int) -> NDArray[np.float32]:
            made.append((start, stop))
            return self.note.frames(start, stop)

    cache = FrameCache(Watched(), latent)  # type: ignore[arg-type]
    cache.mixture("bell", LOW).frames(8, 12)
    begun = [frame for start, stop in made for frame in range(start, stop)]
    assert min(begun) == 8
    assert max(begun) < 24
    made.clear()
    note = cache.mixture("bell", LOW)
    note.frames(0, 32)
    note.frames(9, 21)
    assert [start for start, _ in made] == [0]


def test_no_network_stays_begun(renderer: NoteRenderer) -> None:
    """It would hold four times what a kept note does, for every voice that sounds."""
    begun: list[ReferenceType[object]] = []

    class Watched:
        spec, grain = renderer.generator.spec, renderer.generator.grain

        def begin(self, z: NDArray[np.float32], pitch: NDArray[np.integer]) -> object:
            note = renderer.generator.begin(z, pitch)
            begun.append(ref(note))
            return note

    cache = FrameCache(Watched(), latent)  # type: ignore[arg-type]
    note = cache.mixture(BETWEEN, LOW)
    note.frames(8, 12)
    assert begun
    assert [network() for network in begun] == [None] * len(begun)


def test_what_a_key_is_rendered_from_serves_the_blends_beside_it(renderer: NoteRenderer) -> None:
    asked: list[Blend] = []

    def told(timbre: Blend, pitch: int) -> NDArray[np.float32]:
        asked.append(timbre)
        return latent(timbre, pitch)

    cache, flute = FrameCache(renderer.generator, told), Blend.only("flute")
    plain = FrameCache(renderer.generator, latent).mixture(BESIDE, LOW).frames(0, 32)
    own = cache.begin(flute, LOW)
    for start, stop in ((0, 12), (12, 32)):
        own.frames(start, stop)
    asked.clear()
    np.testing.assert_array_equal(cache.mixture(BESIDE, LOW).frames(0, 32), plain)
    assert asked == [Blend.of([("flute", 0.75), ("organ", 0.25)])]
