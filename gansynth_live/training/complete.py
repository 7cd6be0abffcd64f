"""Latents for keys that a model was never trained on, from the other keys of their recordings.

The soundfont tells which recording such a key plays, and notes of that recording are known at other
keys. The network is told the missing key while it plays those notes: the latent that then comes
nearest to them is the key's. The network itself stays as it is.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gansynth_live.errors import UsageError
from gansynth_live.model.bundle import Bundle, load_bundle, write_bundle
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.installed import model_path
from gansynth_live.model.recordings import PLAIN, Recordings
from gansynth_live.training.averages import rate
from gansynth_live.training.export import half, rounded
from gansynth_live.training.harmonic import HarmonicDecoder
from gansynth_live.training.latents import on_sphere
from gansynth_live.training.losses import band_matrix, reconstruction
from gansynth_live.training.notes import LOW_PITCH, NoteSet
from gansynth_live.training.recipe import Losses, Optimiser
from gansynth_live.training.tables import decoder_tables

NEIGHBOURS = 3  # keys of the recording that a latent is fitted to, the nearest ones
TOGETHER = 5  # keys that are fitted at once
STEPS = 24
OPTIMISER = Optimiser(rate=0.05, warm_up_steps=1, constant_share=0.0)


class Gap(NamedTuple):
    """A key without a note to train on, and notes of the recording that it plays."""

    name: str
    pitch: int  # 0 is MIDI 24
    notes: NDArray[np.int64]


def gaps(notes: NoteSet, known: Bundle) -> list[Gap]:
    """The held-out cells of the bundle's instruments whose recordings have other notes."""
    recordings, trained = notes.recordings(), notes.lookup()
    found = []
    for cell in np.flatnonzero(notes.held_out):
        row, pitch = int(notes.instrument[cell]), int(notes.pitch[cell]) - LOW_PITCH
        same = (recordings[row] == recordings[row, pitch]) & (recordings[row] > 0)
        keys = np.flatnonzero(same & (trained[row] >= 0))
        nearest = keys[np.argsort(np.abs(keys - pitch), kind="stable")[:NEIGHBOURS]]
        if len(nearest) and notes.names[row] in known.instruments:
            found.append(Gap(notes.names[row], pitch, trained[row, nearest]))
    return found


def complete(
    source: Path,
    target: Path,
    notes: NoteSet,
    progress: Callable[[float], None],
    threads: int = 1,
) -> int:
    """Write the bundle `source` to `target`, with a latent for each gap; how many there were.

    Args:
        progress: told the share of the gaps that was filled since the last call.

    Raises:
        UsageError: the model is not of the harmonic family, or the notes tell no recordings.
        ModelError: `source` is damaged, or `target` exists.
    """
    torch.set_num_threads(threads)
    bundle = load_bundle(model_path(source))
    missing = gaps(notes, bundle)
    if not missing:
        raise UsageError("no held-out note shares a recording with others; nothing to complete")
    decoder = _decoder(bundle)
    rows = {name: list(known) for name, known in bundle.recordings.rows.items()}
    latents = list(bundle.recordings.latents)
    for first in range(0, len(missing), TOGETHER):
        some = missing[first : first + TOGETHER]
        for gap, latent in zip(some, _fitted(decoder, bundle, notes, some), strict=True):
            rows.setdefault(gap.name, [PLAIN] * bundle.spec.pitches)[gap.pitch] = len(latents)
            latents.append(latent)
        progress(len(some) / len(missing))
    weights = half({name: torch.from_numpy(w) for name, w in bundle.weights.items()})
    spec = msgspec.structs.replace(bundle.spec, files={})
    recordings = _played(rows, np.stack(latents))
    instruments = {name: rounded(z) for name, z in bundle.instruments.items()}
    write_bundle(
        target,
        spec,
        weights,
        instruments,
        vibrato=bundle.vibrato,
        living=bundle.living,
        recordings=recordings,
        programs=bundle.programs,
    )
    return len(missing)


def _played(rows: dict[str, list[int]], latents: NDArray[np.floating]) -> Recordings:
    """The recordings that some key plays, numbered anew."""
    used = sorted({row for of_name in rows.values() for row in of_name} - {PLAIN})
    place = {PLAIN: PLAIN} | {row: k for k, row in enumerate(used)}
    table = {name: [place[row] for row in of_name] for name, of_name in rows.items()}
    return Recordings(table, latents[used].astype(np.float16))


def _decoder(bundle: Bundle) -> HarmonicDecoder:
    family = bundle.spec.family
    if not isinstance(family, Harmonic):
        raise UsageError(f"{bundle.path} is no harmonic model; only those have recordings")
    tables = decoder_tables()
    size = bundle.spec.latent_size
    decoder = HarmonicDecoder(tables, family.channels, size, family.detail)
    state = {name: torch.from_numpy(weight.copy()) for name, weight in bundle.weights.items()}
    decoder.load_state_dict(state)
    decoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return decoder.requires_grad_(False)


def _fitted(
    decoder: HarmonicDecoder, bundle: Bundle, notes: NoteSet, some: list[Gap]
) -> Iterator[NDArray[np.float32]]:
    """The latents [latent_size] of some gaps, all fitted at once."""
    cells = np.concatenate([gap.notes for gap in some])
    real = torch.from_numpy(notes.images[cells].astype(np.float32))
    pitch = torch.from_numpy(notes.pitch[cells] - LOW_PITCH)
    owner = torch.from_numpy(np.repeat(np.arange(len(some)), [len(gap.notes) for gap in some]))
    told = torch.tensor([gap.pitch for gap in some])[owner]
    begun = [bundle.latent(gap.name, gap.pitch + LOW_PITCH).copy() for gap in some]
    z = torch.from_numpy(np.stack(begun)).float().requires_grad_()
    adam = torch.optim.Adam([z], betas=OPTIMISER.betas)
    for step in range(STEPS):
        adam.param_groups[0]["lr"] = OPTIMISER.rate * rate(OPTIMISER, step, step / STEPS)
        losses = reconstruction(decoder(on_sphere(z)[owner], pitch, told), real, band_matrix())
        adam.zero_grad()
        _total(losses).backward()  # type: ignore[no-untyped-call]
        adam.step()
    yield from on_sphere(z).detach().numpy()


def _total(losses: dict[str, Tensor]) -> Tensor:
    weights = msgspec.structs.asdict(Losses())
    return torch.stack([weights[name] * value for name, value in losses.items()]).sum()
