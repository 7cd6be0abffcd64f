"""One held note, played by the whole instrument in simulated time."""

from collections.abc import Callable

import numpy as np

from gansynth_live.bench.partials import Wave
from gansynth_live.config import DRY
from gansynth_live.engine.process import process_block
from gansynth_live.errors import GansynthError
from gansynth_live.instrument import Instrument
from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.blend import Blend
from gansynth_live.render.schedule.freewheel import PlannedNote
from gansynth_live.render.schedule.offline import Lookahead, towards

BLOCK = 512  # frames, 11 ms at 48 kHz: as often as a knob may move the blend
SLOTS = 80

BlendAt = Callable[[float], Blend]  # the blend at a moment, in seconds from the note-on


def held_note(
    instrument: Instrument, key: int, velocity: int, blend_at: BlendAt, seconds: float
) -> Wave:
    """The wave [n] of a key that is held, at the device's rate; the note-on is at its start.

    It has no vibrato, which judges of a steady pitch would take for drift, and no effects.

    Raises:
        GansynthError: a continuation came too late, or the note ran out of samples.
    """
    renderer = instrument.renderer
    machine = Machine(renderer.device_rate, DRY, SLOTS)
    note = PlannedNote(0, key, blend_at(0.0))
    blocks = []
    latent = instrument.library.latent
    with Lookahead(machine, renderer, latent, [note], towards(blend_at), workers=1) as ahead:
        machine.send(0, 0x90, key, velocity)
        for frame in range(0, round(seconds * renderer.device_rate), BLOCK):
            ahead.follow(frame)
            ahead.reach(frame + BLOCK)
            blocks.append(process_block(machine, BLOCK)[0])
    snapshot = machine.snapshot()
    if snapshot.refused or snapshot.starved:
        raise GansynthError(f"key {key}: {snapshot.refused} late, {snapshot.starved} times starved")
    return np.concatenate(blocks)


def sweep(first: str, last: str, begin: float, end: float) -> BlendAt:
    """From one instrument to another, evenly between two moments (seconds)."""

    def blend_at(seconds: float) -> Blend:
        share = min(max((seconds - begin) / (end - begin), 0.0), 1.0)
        return Blend.of([(first, 1.0 - share), (last, share)])

    return blend_at


def only(name: str) -> BlendAt:
    """One instrument, all the time."""
    return always(Blend.only(name))


def always(blend: Blend) -> BlendAt:
    """One blend, all the time."""
    return lambda _seconds: blend
