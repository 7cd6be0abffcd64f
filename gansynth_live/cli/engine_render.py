"""A known piece through the live engine into a sound file."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.cli.morph_plan import MorphPlan
from gansynth_live.cli.progress import progress
from gansynth_live.cli.sound_file import sound_file
from gansynth_live.config import Config
from gansynth_live.drivers.offline import frames_of, most_frames, perform
from gansynth_live.instrument import Instrument, make_machine
from gansynth_live.midi.messages import Event
from gansynth_live.render.offline import Lookahead, plan_notes, towards
from gansynth_live.units import seconds_to_frames

Listen = Callable[[NDArray[np.float32]], object]


def _nobody(_block: NDArray[np.float32]) -> None:
    """Listens to no block."""


def render_with_engine(
    out: Path,
    events: Sequence[Event],
    plan: MorphPlan,
    instrument: Instrument,
    config: Config,
    end: float = 0.0,
    listen: Listen = _nobody,
) -> int:
    """Write the piece as stereo at the renderer's device rate, block by block; return its frames.

    Args:
        end: seconds up to which silence is kept.
        listen: is given the mono sum [n] of each block.

    Raises:
        UsageError: the file cannot be written, or the cache is too small for the piece.
    """
    renderer, library = instrument.renderer, instrument.library
    machine = make_machine(config, renderer)
    timed = frames_of(events, renderer.device_rate)
    notes = plan_notes(timed, plan.after)
    ahead = Lookahead(
        machine,
        renderer,
        library.latent,
        notes,
        towards(plan.blend_at),
        config.render.workers,
        library.vibrato,
    )
    rest = seconds_to_frames(end, renderer.device_rate)
    most = most_frames(timed, rest, renderer.device_rate)
    frames = 0
    with (
        sound_file(out, renderer.device_rate, 2, most) as write,
        progress("rendering", timed[-1][0]) as advance,
        ahead,
    ):
        for block in perform(machine, ahead, timed, rest):
            write(block.T)
            listen(block.mean(axis=0))
            frames += block.shape[1]
            advance(block.shape[1])
    return frames
