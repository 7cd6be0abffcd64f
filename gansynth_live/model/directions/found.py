"""Named directions of a model: found once, which takes seconds, then read from the cache."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import UsageError
from gansynth_live.files import read_bounded, replacing
from gansynth_live.folders import user_cache_dir
from gansynth_live.model.bundle import Bundle
from gansynth_live.model.directions import measures, naming, probes, space
from gansynth_live.model.directions.measures import MEASURES
from gansynth_live.model.directions.probes import Probes
from gansynth_live.model.runtime import graph_key

COUNT = 12
AXES = 32  # singular vectors among which the directions are sought
PROBED_NOTES, SPREAD_NOTES = 9, 24
LARGEST_FILE = 4 << 20
LONGEST_NAME = 80
ACCURACY = 1e-4  # of unit vectors at right angles, as float32


class Change(NamedTuple):
    """What half a radius before to half one after does to one measure, in the mean of notes."""

    by: float
    unit: str
    agreement: float  # share of the notes that change in that sense
    is_heard: bool  # most notes agree, and it is no small part of what instruments differ by


class Directions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Directions along which latents may move; a step is in units of the latents' radius.

    Attributes:
        names: unique; what more of the direction gives ("brightness"), or "direction 9".
        rows: orthonormal vectors, each of latent_size.
        strengths: how much the first layers answer, 1 on average.
        effects: mean change of each of `MEASURES` from half a radius before to half one after.
        agreement: share of the probed notes that change in that sense.
        spreads: standard deviation of each measure over the model's instruments.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    strengths: tuple[float, ...]
    effects: tuple[tuple[float, ...], ...]
    agreement: tuple[tuple[float, ...], ...]
    spreads: tuple[float, ...]

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Orthonormal vectors, float32 [directions, latent_size]."""
        return np.array(self.rows, np.float32)

    def changes(self, direction: int) -> dict[str, Change]:
        """What a direction changes, by the names of the measures, the largest change first."""
        effects, agreement = np.array([self.effects[direction], self.agreement[direction]])
        relative = effects / self.spreads
        heard = naming.is_heard(relative, agreement)
        return {
            MEASURES[i].name: Change(
                float(effects[i]), MEASURES[i].unit, float(agreement[i]), bool(heard[i])
            )
            for i in np.argsort(-np.abs(relative))
        }

    def by_name(self) -> dict[str, NDArray[np.float32]]:
        """Unit vector float32 [latent_size] of each name."""
        return dict(zip(self.names, self.vectors, strict=True))


def directions_of(bundle: Bundle, progress: Callable[[int, int], None] | None = None) -> Directions:
    """The directions of a model: from the cache, or found (and put there if possible).

    `progress` is told (notes that were probed, notes) while they are sought.
    """
    modules = (measures, naming, probes, space)
    source = b"".join(Path(str(module.__file__)).read_bytes() for module in modules)
    key = graph_key("directions", bundle.digest, source, Path(__file__).read_bytes())
    path = user_cache_dir() / "directions" / f"{key}.json"
    if (known := _read(path, bundle.spec.latent_size)) is not None:
        return known
    found = find(bundle, progress)
    # A read-only or full disk costs only the time to find them again.
    with suppress(OSError, UsageError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as beside:
            beside.write_bytes(msgspec.json.encode(found))
    return found


def find(bundle: Bundle, progress: Callable[[int, int], None] | None = None) -> Directions:
    """Seek the directions: axes from the weights, turned to what renders of them change."""
    axes = space.strongest(bundle, AXES)
    count = min(COUNT, len(axes))
    total = SPREAD_NOTES + 2 * PROBED_NOTES * (len(axes) + count)
    heard = iter(range(1, total + 1))

    def tell() -> None:
        if progress is not None:
            progress(next(heard), total)

    listener = Probes(bundle, tell)
    least = [measure.least for measure in MEASURES]
    spreads = np.maximum(listener.measured(listener.notes(SPREAD_NOTES)).std(axis=0), least)
    notes = listener.notes(PROBED_NOTES)
    changes = listener.changes(axes, notes).mean(axis=1) / spreads
    vectors = naming.turned(changes, count) @ axes
    changed = listener.changes(vectors, notes)
    effects = changed.mean(axis=1)
    agreement = (np.sign(changed) == np.sign(effects)[:, None]).mean(axis=1)
    named = naming.named(effects / spreads, agreement)
    senses = np.array([sense for _, sense in named])[:, None]
    return Directions(
        names=tuple(name for name, _ in named),
        rows=_tuples(senses * vectors),
        strengths=tuple(space.strengths(bundle, vectors).tolist()),
        effects=_tuples(senses * effects),
        agreement=_tuples(agreement),
        spreads=tuple(spreads.tolist()),
    )


def _tuples(rows: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in rows.tolist())


def _read(path: Path, latent_size: int) -> Directions | None:
    """What a file of the cache says, if it is whole and makes sense."""
    try:
        stored = msgspec.json.decode(read_bounded(path, LARGEST_FILE), type=Directions)
    except (OSError, ValueError, RecursionError):
        return None
    return stored if _is_sound(stored, latent_size) else None


def _is_sound(stored: Directions, latent_size: int) -> bool:
    count, kinds = len(stored.names), len(MEASURES)
    tables = (
        (stored.rows, latent_size),
        (stored.effects, kinds),
        (stored.agreement, kinds),
    )
    if not 1 <= count <= COUNT or len(stored.strengths) != count or len(stored.spreads) != kinds:
        return False
    if any(len(table) != count or {len(r) for r in table} != {width} for table, width in tables):
        return False
    fit = all(name.isprintable() and 1 <= len(name) <= LONGEST_NAME for name in stored.names)
    vectors = np.array(stored.rows)
    numbers = [*stored.strengths, *stored.spreads, *np.ravel(stored.effects)]
    finite = np.isfinite(vectors).all() and np.isfinite(numbers).all()
    return bool(
        fit
        and len(set(stored.names)) == count
        and finite
        and np.allclose(vectors @ vectors.T, np.eye(count), atol=ACCURACY)
    )
