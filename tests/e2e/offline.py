"""What `gansynth-live play` should have sounded like: the same events through the offline path."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gansynth_live.config import load_config
from gansynth_live.engine.process import process_block
from gansynth_live.instrument import make_machine, open_instrument
from gansynth_live.kernel.snapshot import Snapshot
from gansynth_live.latent.blend import Blend
from gansynth_live.midi.messages import Event
from gansynth_live.performance.ensemble import settings_parts
from gansynth_live.performance.piece import frames_of, perform
from gansynth_live.render.notes.timbre import Timbre
from gansynth_live.render.schedule.offline import (
    BringOn,
    Lookahead,
    PlannedPart,
    plan_notes,
    towards,
)
from tests.e2e.take import Take


def render_offline(take: Take, instrument: str) -> NDArray[np.float32]:
    """The messages of `take` played by one instrument of the shipped model: see `played`."""
    blend = Blend.only(instrument)
    samples, _ = played(take, lambda _event: blend, towards(lambda _seconds: blend))
    return samples


def file_render(take: Take) -> tuple[NDArray[np.float32], Snapshot]:
    """The messages of a take as `gansynth-live render` has them, with the user's settings.

    Returns float32 [2, frames], as long as the take, and the machine's counters at the end.
    """
    config = load_config()
    opened = open_instrument("", config.model.inversion, take.sample_rate, air=config.air.amount)
    library = opened.library
    events, frames = events_of(take), take.samples.shape[1]
    plans = settings_parts(events, config, library)
    machine = make_machine(config, opened.renderer, [plan.part for plan in plans])
    timed = frames_of(events, take.sample_rate)
    with Lookahead(
        machine,
        opened.renderer,
        library.latent,
        plan_notes(timed, [PlannedPart(plan.after, plan.part) for plan in plans], machine.tunings),
        towards(*[plan.blend_at for plan in plans]),
        vibrato=library.vibrato,
    ) as ahead:
        blocks = list(perform(machine, ahead, timed, end=frames))
    return np.concatenate(blocks, axis=1)[:, :frames], machine.snapshot()


def events_of(take: Take) -> list[Event]:
    """The messages that were sent, at their seconds of the take."""
    return [
        Event(int(frame - take.starts[0]) / take.sample_rate, *map(int, message))
        for frame, message in zip(take.sent_frames, take.sent_messages, strict=True)
    ]


def played(
    take: Take, timbre_after: Callable[[Event], Timbre], bring_on: BringOn
) -> tuple[NDArray[np.float32], Snapshot]:
    """What the messages of a take sound like offline, in the take's blocks.

    Returns float32 [2, frames], as long as the take, and the machine's counters at the end.

    Args:
        timbre_after: see `plan_notes`.
        bring_on: see `Lookahead`.
    """
    config = load_config()
    opened = open_instrument("", config.model.inversion, take.sample_rate, air=config.air.amount)
    machine = make_machine(config, opened.renderer)
    starts = take.starts - int(take.starts[0])
    events = [(round(event.time * take.sample_rate), event) for event in events_of(take)]
    blocks = []
    with Lookahead(
        machine,
        opened.renderer,
        opened.library.latent,
        plan_notes(events, [PlannedPart(timbre_after)], machine.tunings),
        bring_on,
        vibrato=opened.library.vibrato,
    ) as ahead:
        for start in map(int, starts):
            stop = start + take.block
            ahead.follow(start)
            ahead.reach(stop)
            for frame, event in events:
                if start <= frame < stop:
                    machine.send(frame, event.status, event.data1, event.data2)
            blocks.append(process_block(machine, take.block))
    return np.concatenate(blocks, axis=1), machine.snapshot()
