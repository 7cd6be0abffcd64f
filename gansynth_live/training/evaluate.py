"""How close a bundle's named instruments come to the real notes: the figures of the model card."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gansynth_live.latent.sphere import weighted
from gansynth_live.training import measures
from gansynth_live.training.listen import Listener
from gansynth_live.training.notes import NoteSet
from gansynth_live.training.tuning import cents_off

EVERY = 7  # of the cells that were trained on, this one in so many is heard
BLEND_PAIRS = 24

Progress = Callable[[float], None]


class Figures(msgspec.Struct, frozen=True):
    """Of one kind of notes (held out, trained on, blends); distances in dB, times in seconds."""

    notes: int
    pitch_accuracy: float
    cents_median: float
    cents_p90: float
    distance: float | None = None
    own_is_nearest: float | None = None
    level_mean: float | None = None
    level_p90: float | None = None
    attack_error_mean: float | None = None
    attack_error_median: float | None = None
    attack_error_p90: float | None = None
    decay_error_median: float | None = None
    decay_error_p90: float | None = None


class Evaluation(msgspec.Struct, frozen=True):
    """All figures of a bundle against a set of notes; None where the set has nothing to measure.

    Attributes:
        distances: mean mel80 distance of each instrument over all cells heard.
        at_borders, inside: mean mel80 distance of the held-out cells that have another recording of
            their instrument a semitone away, and of the rest.
        blend_between: share of half blends that are nearer to both ends than those to each other.
    """

    real: Figures
    held_out: Figures | None
    at_borders: float | None
    inside: float | None
    trained: Figures | None
    blends: Figures | None
    blend_between: float | None
    distances: dict[str, float]
    worst: float


@dataclass(frozen=True)
class Heard:
    """Cells, their waves as made and as recorded, and the band levels of both."""

    instrument: NDArray[np.int64]
    pitch: NDArray[np.int64]
    made: NDArray[np.float32]
    real: NDArray[np.float32]
    made_bands: Tensor
    real_bands: Tensor

    def __len__(self) -> int:
        return len(self.pitch)


def evaluate(listener: Listener, notes: NoteSet, progress: Progress) -> Evaluation:
    """Hear all held-out cells, every seventh of the trained ones, and half blends.

    Instruments of the set that the bundle does not name are left out.
    """
    rows = [row for row, name in enumerate(notes.names) if name in listener.bundle.instruments]
    named = np.isin(notes.instrument, rows)
    kept = np.flatnonzero(named & ~notes.held_out)
    unseen = np.flatnonzero(named & notes.held_out)
    held_out, border = _heard(listener, notes, unseen), notes.at_borders()[unseen]
    progress(0.3)
    trained = _heard(listener, notes, kept[min(EVERY, len(kept)) // 2 :: EVERY])
    progress(0.7)
    groups = [heard for heard in (held_out, trained) if heard is not None]
    distances = _by_instrument(notes.names, groups)
    blends, between = _blends(listener, notes, rows) if len(rows) > 1 else (None, None)
    progress(0.9)
    return Evaluation(
        real=_pitch_figures(
            np.concatenate([heard.real for heard in groups]),
            np.concatenate([heard.pitch for heard in groups]),
        ),
        held_out=_figures(held_out, notes) if held_out else None,
        at_borders=_distance_where(held_out, border),
        inside=_distance_where(held_out, ~border),
        trained=_figures(trained, notes) if trained else None,
        blends=blends,
        blend_between=between,
        distances=distances,
        worst=max(distances.values()),
    )


def _heard(listener: Listener, notes: NoteSet, cells: NDArray[np.int64]) -> Heard | None:
    return hear(listener, notes, cells) if len(cells) else None


def hear(listener: Listener, notes: NoteSet, cells: NDArray[np.int64]) -> Heard:
    """Render the notes `cells` of the set and compare each with its own recording."""
    instrument, pitch = notes.instrument[cells], notes.pitch[cells]
    latents = listener.latents([notes.names[row] for row in instrument], pitch)
    made = listener.notes(latents, pitch)
    real = np.stack([notes.wave(cell) for cell in cells])
    return Heard(instrument, pitch, made, real, _bands(made), _bands(real))


def _figures(heard: Heard, notes: NoteSet) -> Figures:
    pitched = _pitch_figures(heard.made, heard.pitch)
    levels = np.array(
        [measures.level_db(a, b) for a, b in zip(heard.made, heard.real, strict=True)]
    )
    attacks, decays = _times(heard)
    distance = measures.band_distance(heard.made_bands, heard.real_bands)
    return msgspec.structs.replace(
        pitched,
        distance=float(distance.mean()),
        own_is_nearest=_own_is_nearest(heard, notes),
        level_mean=float(levels.mean()),
        level_p90=float(np.quantile(np.abs(levels), 0.9)),
        attack_error_mean=float(np.mean(attacks)) if attacks else None,
        attack_error_median=_quantile(attacks, 0.5),
        attack_error_p90=_quantile(attacks, 0.9),
        decay_error_median=_quantile(decays, 0.5),
        decay_error_p90=_quantile(decays, 0.9),
    )


def _pitch_figures(waves: NDArray[np.float32], pitches: NDArray[np.int64]) -> Figures:
    cells = list(zip(waves, pitches.tolist(), strict=True))
    right = [measures.has_pitch(wave, pitch) for wave, pitch in cells]
    cents = np.abs([cents_off(wave.astype(np.float64), pitch) for wave, pitch in cells])
    return Figures(
        notes=len(cells),
        pitch_accuracy=float(np.mean(right)),
        cents_median=float(np.median(cents)),
        cents_p90=float(np.quantile(cents, 0.9)),
    )


def _times(heard: Heard) -> tuple[list[float], list[float]]:
    """Errors of attack (s, struck and plucked notes) and of decay (share, decaying notes)."""
    attacks, decays = [], []
    for made, real in zip(heard.made, heard.real, strict=True):
        if measures.is_struck(real):
            attacks.append(abs(measures.attack_seconds(made) - measures.attack_seconds(real)))
        if (decay := measures.decay_seconds(real)) is not None:
            held = len(made) / measures.SAMPLE_RATE
            decays.append(abs((measures.decay_seconds(made) or held) / decay - 1))
    return attacks, decays


def _own_is_nearest(heard: Heard, notes: NoteSet) -> float:
    """Share of cells whose nearest real note of the same pitch is their own instrument's."""
    right = []
    for pitch in np.unique(heard.pitch):
        cells = np.flatnonzero(notes.pitch == pitch)
        real = _bands(np.stack([notes.wave(int(cell)) for cell in cells]))
        for k in np.flatnonzero(heard.pitch == pitch):
            made = heard.made_bands[k : k + 1].expand_as(real)
            nearest = cells[int(measures.band_distance(made, real).argmin())]
            right.append(notes.instrument[nearest] == heard.instrument[k])
    return float(np.mean(right))


def _blends(listener: Listener, notes: NoteSet, rows: list[int]) -> tuple[Figures, float]:
    generator = np.random.default_rng(0)
    pairs = [generator.choice(rows, 2, replace=False) for _ in range(BLEND_PAIRS)]
    pitches = generator.integers(36, 78, BLEND_PAIRS)
    ends = [
        listener.latents([notes.names[pair[side]] for pair in pairs], pitches) for side in (0, 1)
    ]
    half = np.stack([weighted(np.stack(both), (0.5, 0.5)) for both in zip(*ends, strict=True)])
    waves = listener.notes(half, pitches)
    middle, first, second = (
        _bands(w) for w in (waves, *(listener.notes(z, pitches) for z in ends))
    )
    whole = measures.band_distance(first, second)
    farther = torch.maximum(
        measures.band_distance(middle, first), measures.band_distance(middle, second)
    )
    return _pitch_figures(waves, pitches), float((farther < whole).float().mean())


def _distance_where(heard: Heard | None, chosen: NDArray[np.bool_]) -> float | None:
    if heard is None or not chosen.any():
        return None
    distance = measures.band_distance(heard.made_bands, heard.real_bands)
    return float(distance[torch.from_numpy(chosen)].mean())


def _by_instrument(names: list[str], groups: list[Heard]) -> dict[str, float]:
    instrument = np.concatenate([group.instrument for group in groups])
    distance = torch.cat(
        [measures.band_distance(group.made_bands, group.real_bands) for group in groups]
    ).numpy()
    return {names[row]: float(distance[instrument == row].mean()) for row in np.unique(instrument)}


def _bands(waves: NDArray[np.float32]) -> Tensor:
    parts = np.array_split(waves, max(1, len(waves) // 16))
    return torch.cat([measures.band_levels(torch.from_numpy(part)) for part in parts])


def _quantile(values: list[float], share: float) -> float | None:
    return float(np.quantile(values, share)) if values else None
