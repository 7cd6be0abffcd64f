"""A piece as Magenta's script makes it: every note whole, one envelope, a plain sum at 16 kHz."""

import logging
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import UsageError
from gansynth_live.instrument import Instrument
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.schedule import instrument_times, latents_at
from gansynth_live.log import SHOWN
from gansynth_live.midi import Note
from gansynth_live.performance.file_render import Listen, nobody
from gansynth_live.performance.magenta import (
    HIGHEST_KEY,
    LOWEST_KEY,
    PEAK,
    SAMPLE_RATE,
    Mix,
    length,
    scaled,
)
from gansynth_live.performance.progress import Progress, unseen
from gansynth_live.performance.sound_file import float_wav

log = logging.getLogger(__name__)

BLOCK_BYTES = 1 << 19  # of sums


def render_like_magenta(
    out: Path,
    notes: Sequence[Note],
    path: MorphPath,
    instrument: Instrument,
    listen: Listen = nobody,
    progress: Progress = unseen,
) -> int:
    """Write the piece as 16 kHz float mono; return its frames.

    Each note takes the latent that the path has at its start, by slerp. Keys outside 36..84 are
    left out as the original does, and so are keys that the model does not know.

    Args:
        listen: is given the samples [n] of each block.
        progress: shows how far it has come.

    Raises:
        UsageError: no note is left, or the file cannot be written.
    """
    spec = instrument.bundle.spec
    low, high = max(LOWEST_KEY, spec.low_pitch), min(HIGHEST_KEY, spec.high_pitch)
    played = [note for note in notes if low <= note.key <= high]
    if not played:
        raise UsageError(f"the file has no notes within keys {low}..{high}; nothing to render")
    if dropped := len(notes) - len(played):
        log.log(SHOWN, "%d notes outside keys %d..%d are left out", dropped, low, high)
    times = instrument_times(path.at, max(note.end for note in notes))
    frames = length(max(note.end for note in played))
    with float_wav(out, SAMPLE_RATE, frames) as write, TemporaryFile(dir=out.parent) as sums:
        mix = Mix(lambda block: sums.write(block.tobytes()))
        with progress("rendering", len(played)) as advance:
            for note in played:
                samples = _samples(note, path, times, instrument)
                mix.add(samples, note.start, note.end, note.velocity)
                advance(1)
        mix.finish(frames)
        sums.seek(0)
        # How loud all of it has to be is known only now.
        while block := sums.read(BLOCK_BYTES):
            samples = scaled(np.frombuffer(block), mix.highest, PEAK).astype(np.float32)
            write(samples)
            listen(samples)
    return frames


def _samples(
    note: Note, path: MorphPath, times: NDArray[np.float64], instrument: Instrument
) -> NDArray[np.float32]:
    """A note as the network makes it, [64000]."""
    names = path.instruments
    points = np.stack([instrument.library.played(name, note.key) for name in names])
    (z,) = latents_at([note.start], times, points)
    return instrument.renderer.render_whole(z.astype(np.float32), note.key).samples
