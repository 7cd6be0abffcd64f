"""A known piece through the live engine into a sound file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.cli.morph_plan import MorphPlan
from gansynth_live.cli.progress import progress
from gansynth_live.cli.sound_file import sound_file
from gansynth_live.config import Config
from gansynth_live.drivers.offline import frames_of, perform
from gansynth_live.instrument import Instrument, make_machine
from gansynth_live.midi.messages import Event
from gansynth_live.render.offline import Lookahead, plan_notes, towards


def render_with_engine(
    out: Path, events: Sequence[Event], plan: MorphPlan, instrument: Instrument, config: Config
) -> NDArray[np.float32]:
    """Write the piece as stereo at the renderer's device rate; return its mono sum [frames].

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
    mono: list[NDArray[np.float32]] = []
    with (
        sound_file(out, renderer.device_rate, channels=2) as write,
        progress("rendering", timed[-1][0]) as advance,
        ahead,
    ):
        for block in perform(machine, ahead, timed):
            write(block.T)
            mono.append(block.mean(axis=0))
            advance(block.shape[1])
    return np.concatenate(mono)
