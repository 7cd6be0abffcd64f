"""A known piece through the live engine into a sound file."""

from collections.abc import Callable, Iterator, Sequence
from math import ceil
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from gansynth_live.config import Config
from gansynth_live.instrument import Instrument, make_machine
from gansynth_live.midi.messages import Event
from gansynth_live.performance.morph_plan import MorphPlan
from gansynth_live.performance.piece import frames_of, most_frames, perform
from gansynth_live.performance.progress import Progress, unseen
from gansynth_live.performance.sound_file import sound_file
from gansynth_live.render.schedule.offline import Lookahead, PlannedPart, plan_notes, towards
from gansynth_live.render.schedule.returns import solo_parts
from gansynth_live.units import seconds_to_frames

LOWEST_RATE = 44_100  # that the engine plays a file at itself; lower ones
RAISED = 48_000  # are brought down from at least this

Listen = Callable[[NDArray[np.float32]], object]


def nobody(_block: NDArray[np.float32]) -> None:
    """Listens to no block."""


def render_with_engine(
    out: Path,
    events: Sequence[Event],
    plans: Sequence[MorphPlan],
    instrument: Instrument,
    config: Config,
    sample_rate: int,
    end: float = 0.0,
    listen: Listen = nobody,
    progress: Progress = unseen,
) -> int:
    """Write the piece as stereo at `sample_rate`, block by block; return its frames.

    Args:
        plans: of each part.
        instrument: renders at the `engine_rate` of `sample_rate`.
        end: seconds up to which silence is kept.
        listen: is given the mono sum [n] of each block.
        progress: shows how far it has come.

    Raises:
        UsageError: the file cannot be written, or the cache is too small for the piece.
    """
    renderer, library = instrument.renderer, instrument.library
    machine = make_machine(config, renderer, [plan.part for plan in plans])
    timed = frames_of(events, renderer.device_rate)
    solo = solo_parts(machine)
    planned = [PlannedPart(plan.after, plan.part, solo[n]) for n, plan in enumerate(plans)]
    notes = plan_notes(timed, planned, machine.tunings)
    ahead = Lookahead(
        machine,
        renderer,
        library.latent,
        notes,
        towards(*[plan.blend_at for plan in plans]),
        config.render.workers,
        library.vibrato,
    )
    rest = seconds_to_frames(end, renderer.device_rate)
    most = most_frames(timed, rest, renderer.device_rate)
    frames = 0
    with (
        sound_file(out, sample_rate, 2, most) as write,
        progress("rendering", seconds_to_frames(events[-1].time, sample_rate)) as advance,
        ahead,
    ):
        blocks = perform(machine, ahead, timed, rest)
        for block in _brought_down(blocks, renderer.device_rate, sample_rate):
            write(block)
            listen(block.mean(axis=1))
            frames += len(block)
            advance(len(block))
    return frames


def engine_rate(sample_rate: int) -> int:
    """The rate that a piece is played at for a file: for low ones a multiple, 48 kHz or more.

    What voices bend, or play above the model's keys, they read faster. Near the highest frequency
    of a low rate that would leave tones which are not in the note.
    """
    return sample_rate if sample_rate >= LOWEST_RATE else sample_rate * ceil(RAISED / sample_rate)


def _brought_down(
    blocks: Iterator[NDArray[np.float32]], source_rate: int, rate: int
) -> Iterator[NDArray[np.float32]]:
    """Blocks [2, n] at one rate as blocks [m, 2] at another, whose highest tones are cut off."""
    if source_rate == rate:
        yield from (block.T for block in blocks)
        return
    resampler = soxr.ResampleStream(source_rate, rate, 2, dtype="float32", quality="HQ")
    for block in blocks:
        yield np.clip(resampler.resample_chunk(np.ascontiguousarray(block.T)), -1.0, 1.0)
    yield np.clip(resampler.resample_chunk(np.zeros((0, 2), np.float32), last=True), -1.0, 1.0)
