"""From a soundfont to a set of notes: tuned, steadied, levelled, analysed, on several cores."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from gansynth_live.files import replacing
from gansynth_live.kernel.settings import Vibrato
from gansynth_live.model.vibrato import pack_vibratos
from gansynth_live.training.instruments import (
    PITCHES,
    Collection,
    Preset,
    preset_key,
    read_tuning,
    write_tuning,
)
from gansynth_live.training.levels import level
from gansynth_live.training.notes import (
    HIGH_PITCH,
    IMAGE_SHAPE,
    LOW_PITCH,
    SAMPLES,
    is_held_out,
    write_index,
)
from gansynth_live.training.soundfont import SoundFont
from gansynth_live.training.tuning import cents_off, steady_pitch, wander_cents
from gansynth_live.training.vibrato import vibrato_of
from gansynth_live.training.zones import Zones, recording_numbers

IN_TUNE = 0.3  # cents: closer than the measurement repeats
CORRECTIONS = 2

Progress = Callable[[str], None]


def render_collection(
    collection: Collection,
    font: Path,
    folder: Path,
    tuning: Path,
    vibrato: Path,
    processes: int,
    progress: Progress,
) -> None:
    """Render every instrument at every pitch into `folder`; presets not in the table are tuned.

    The table file is written again with what was measured, and so is the file `vibrato`: what was
    taken out of the steady ones.

    Raises:
        UsageError: libfluidsynth, the font or one of its presets is missing.
    """
    presets = [(row.preset.bank, row.preset.program) for row in collection.instruments]
    keys = range(LOW_PITCH, HIGH_PITCH + 1)
    recordings = recording_numbers(Zones(font), presets, keys, collection.velocity)
    folder.mkdir(parents=True, exist_ok=True)
    table, count = read_tuning(tuning), len(collection.instruments) * PITCHES
    vibratos: dict[str, Vibrato] = {}
    create_arrays(folder, count)
    # Only fresh processes are safe: fluidsynth and torch both have threads that a fork would lose.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        tasks = [
            pool.submit(
                _render_instrument,
                font,
                instrument.preset,
                collection.velocity,
                table.get(preset_key(instrument.preset)),
                folder,
                row * PITCHES,
            )
            for row, instrument in enumerate(collection.instruments)
        ]
        for instrument, task in zip(collection.instruments, tasks, strict=True):
            table[preset_key(instrument.preset)], swing = task.result()
            if swing is not None:
                vibratos[instrument.name] = swing
            progress(instrument.name)
    write_tuning(tuning, table)
    with replacing(vibrato) as beside:
        beside.write_bytes(pack_vibratos(vibratos))
    cells = [
        (row, pitch, int(is_held_out(instrument.preset.number, pitch)))
        for row, instrument in enumerate(collection.instruments)
        for pitch in keys
    ]
    names = [instrument.name for instrument in collection.instruments]
    families = [instrument.family for instrument in collection.instruments]
    write_index(folder, names, families, np.array(cells, np.int64), recordings.ravel())


def create_arrays(folder: Path, count: int) -> None:
    """Make waves.npy and images.npy of `count` notes, all zero."""
    open_memmap(folder / "waves.npy", "w+", np.int16, (count, SAMPLES)).flush()
    open_memmap(folder / "images.npy", "w+", np.float16, (count, *IMAGE_SHAPE)).flush()


def store(folder: Path, first: int, waves: NDArray[np.float32]) -> None:
    """Put levelled waves [n, 64000] and their images at notes first.. of a set."""
    import torch

    from gansynth_live.training.melif import analyse

    stored = open_memmap(folder / "waves.npy", "r+")
    images = open_memmap(folder / "images.npy", "r+")
    for k, wave in enumerate(waves):
        stored[first + k] = np.round(wave * 32767).astype(np.int16)
        # The image is that of the stored wave, so that the set can be analysed again from it.
        heard = torch.from_numpy(stored[first + k].astype(np.float32) / 32767)
        images[first + k] = analyse(heard[None])[0].half().numpy()
    stored.flush()
    images.flush()


def tuned_note(
    font: SoundFont, preset: Preset, velocity: int, key: int, known: float | None
) -> tuple[NDArray[np.float64], float]:
    """A note in tune, and the cents that were added (`known` ones are taken as they are)."""

    def render(cents: float) -> NDArray[np.float64]:
        wave = font.note(preset.bank, preset.program, key, velocity, cents)
        return steady_pitch(wave, key) if preset.steady else wave

    added = known or 0.0
    wave = render(added)
    if known is not None:
        return wave, added
    off = cents_off(wave, key)
    best = (abs(off), added, wave)
    for _ in range(CORRECTIONS):
        if abs(off) < IN_TUNE:
            break
        added -= off
        wave = render(added)
        off = cents_off(wave, key)
        best = min(best, (abs(off), added, wave), key=lambda tried: tried[0])
    return best[2], best[1]


def recorded_vibrato(
    font: SoundFont, preset: Preset, velocity: int, added: list[float]
) -> Vibrato | None:
    """What `steady` takes out of a preset whose notes are tuned by `added` cents [61]."""
    keys = zip(range(LOW_PITCH, HIGH_PITCH + 1), added, strict=True)
    notes = ((font.note(preset.bank, preset.program, k, velocity, cents), k) for k, cents in keys)
    return vibrato_of([wander_cents(wave, key) for wave, key in notes])


def _render_instrument(
    font: Path,
    preset: Preset,
    velocity: int,
    known: list[float] | None,
    folder: Path,
    first: int,
) -> tuple[list[float], Vibrato | None]:
    import torch

    torch.set_num_threads(1)
    loaded = SoundFont(font)
    waves, added = [], []
    for index, key in enumerate(range(LOW_PITCH, HIGH_PITCH + 1)):
        wave, cents = tuned_note(loaded, preset, velocity, key, known[index] if known else None)
        waves.append(level(wave))
        added.append(cents)
    store(folder, first, np.stack(waves))
    swing = recorded_vibrato(loaded, preset, velocity, added) if preset.steady else None
    return added, swing
