"""What `gansynth-live play` should have sounded like: the same events through the offline path."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.config import load_config
from gansynth_live.engine.process import process_block
from gansynth_live.instrument import make_machine, open_instrument
from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.blend import Blend
from gansynth_live.midi.messages import Event
from gansynth_live.render.offline import Lookahead, plan_notes, towards
from tests.e2e.take import Take


def render_offline(take: Take, instrument: str) -> NDArray[np.float32]:
    """The messages of `take` played by one instrument of the shipped model, in the take's blocks.

    Returns float32 [2, frames], as long as the take.
    """
    config = load_config()
    opened = open_instrument("", config.model.inversion, take.sample_rate)
    machine = make_machine(config, opened.renderer)
    first = int(take.starts[0])
    events = [
        (int(frame) - first, Event(0.0, *map(int, message)))
        for frame, message in zip(take.sent_frames, take.sent_messages, strict=True)
    ]
    blend = Blend.only(instrument)
    plan = plan_notes(events, lambda _event: blend)
    with Lookahead(
        machine,
        opened.renderer,
        opened.library.latent,
        plan,
        towards(lambda _seconds: blend),
        vibrato=opened.library.vibrato,
    ) as ahead:
        return played(machine, ahead, take, events)


def played(
    machine: Machine, ahead: Lookahead, take: Take, events: list[tuple[int, Event]]
) -> NDArray[np.float32]:
    """What a take's messages, by frames after its start, sound like in its blocks: [2, frames]."""
    blocks = []
    for start in take.starts - int(take.starts[0]):
        stop = int(start) + take.block
        ahead.follow(int(start))
        ahead.reach(stop)
        for frame, event in events:
            if start <= frame < stop:
                machine.send(frame, event.status, event.data1, event.data2)
        blocks.append(process_block(machine, take.block))
    return np.concatenate(blocks, axis=1)
