"""A piece as Magenta's script makes it: every note whole, one envelope, a plain sum at 16 kHz."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import typer
from numpy.typing import NDArray

from gansynth_live.cli.progress import progress
from gansynth_live.cli.sound_file import float_wav
from gansynth_live.errors import UsageError
from gansynth_live.instrument import Instrument
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.schedule import instrument_times, latents_at
from gansynth_live.midi import Note
from gansynth_live.render.magenta import HIGHEST_KEY, LOWEST_KEY, SAMPLE_RATE, Mix


def render_like_magenta(
    out: Path, notes: Sequence[Note], path: MorphPath, instrument: Instrument
) -> NDArray[np.float32]:
    """Write the piece as 16 kHz float mono and return it [frames].

    Each note takes the latent that the path has at its start, by slerp. Keys outside 36..84 are
    left out as the original does, and so are keys that the model does not know.

    Raises:
        UsageError: no note is left, or the file cannot be written.
    """
    spec = instrument.bundle.spec
    low, high = max(LOWEST_KEY, spec.low_pitch), min(HIGHEST_KEY, spec.high_pitch)
    played = [note for note in notes if low <= note.key <= high]
    if not played:
        raise UsageError(f"the file has no notes within keys {low}..{high}; nothing to render")
    if dropped := len(notes) - len(played):
        typer.echo(f"{dropped} notes outside keys {low}..{high} are left out", err=True)
    total = max(note.end for note in notes)
    times = instrument_times(path.at, total)
    mix = Mix(max(note.end for note in played))
    with float_wav(out, SAMPLE_RATE) as write:
        with progress("rendering", len(played)) as advance:
            for note in played:
                names = path.instruments
                points = np.stack([instrument.library.played(name, note.key) for name in names])
                (z,) = latents_at([note.start], times, points)
                samples = instrument.renderer.render_whole(z.astype(np.float32), note.key).samples
                mix.add(samples, note.start, note.end, note.velocity)
                advance(1)
        clip = mix.clip()
        write(clip)
    return clip
