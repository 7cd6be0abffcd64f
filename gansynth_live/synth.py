"""The instrument without devices: the one place where its parts are joined."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gansynth_live.config import Config
from gansynth_live.engine.process import process_block
from gansynth_live.events import EventStream, Hear
from gansynth_live.faults import Faults
from gansynth_live.instrument import Instrument, make_controls, make_machine
from gansynth_live.kernel.layout import CHANNELS
from gansynth_live.kernel.machine import NOW
from gansynth_live.kernel.snapshot import Snapshot
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.foresight import Foresight
from gansynth_live.listener import Listener
from gansynth_live.midi import messages
from gansynth_live.parameters.parameter import Value
from gansynth_live.parts import plan_parts
from gansynth_live.patch import Patch
from gansynth_live.patch_state import PatchState
from gansynth_live.render.schedule.live import LiveCache
from gansynth_live.render.schedule.snapshot import RenderSnapshot
from gansynth_live.render.voices.tracker import OnVoiceSwitch


@dataclass(frozen=True)
class SynthSnapshot:
    """How an instrument stands: all that a screen may show of it."""

    blends: tuple[Blend, ...]  # of each part
    engine: Snapshot
    renders: RenderSnapshot
    faults: int


class Synth:
    """A playable instrument whose notes are rendered from `start` until `close`.

    Sound is asked for by a driver's callback, which is given the `machine`, or by `advance`.
    One thread calls `attend`, again and again. Every other method is for any thread.

    Args:
        config: the settings of morph, motion, voices, output, MIDI, cache and renderers.
        instrument: renders at the sample rate that it is to play at.
        say: is told in one line what failed; from any thread.
        switched: told whenever a voice began, or went on in another render (see `Scheduler`).

    Attributes:
        machine: the memory that the callback plays from.
        renders: the notes, rendered as the hands and the knobs want them.
        events: all that was performed; told by `attend`.
        listeners: of each part one, which hears it and aims the renders.
        parameters: the patch as it is now: set, read, loaded, subscribed to.
        faults: of the thread that calls `attend`.

    Raises:
        UsageError: an instrument or a direction that the settings name is unknown.
    """

    def __init__(
        self,
        config: Config,
        instrument: Instrument,
        say: Callable[[str], None],
        switched: OnVoiceSwitch | None = None,
    ) -> None:
        library, parts = instrument.library, plan_parts(config, instrument.library)
        controls = [make_controls(part.config, part.path, library) for part in parts]
        settings = [part.settings for part in parts]
        self.machine = make_machine(config, instrument.renderer, settings)
        self.renders: LiveCache[Blend] = LiveCache(
            self.machine,
            instrument.renderer,
            library.latent,
            [at_first.blend_at(0.0) for at_first in controls],
            report=say,
            workers=config.render.workers,
            switched=switched,
            vibrato=library.vibrato,
        )
        self.faults = Faults("the controls", say)
        self.events = EventStream(self.machine, self.faults)
        self.listeners = []
        for number, part in enumerate(parts):
            ahead = Foresight(make_controls(part.config, part.path, library))
            listener = Listener(number, part.settings, controls[number], ahead, self.renders)
            self.listeners.append(listener)
            self.events.subscribe(listener.hear)
        self.parameters = PatchState(
            config, parts, library, self.machine, self.listeners, self.faults
        )
        self.events.subscribe(self.parameters.hear)

    def start(self) -> None:
        """Begin to render."""
        self.renders.start()

    def close(self) -> None:
        """Stop rendering. What is rendered can still be played."""
        self.renders.stop()

    def send(self, status: int, data1: int = 0, data2: int = 0, frame: int = NOW) -> bool:
        """Let a MIDI message act at `frame`; False, and counted, if there is no room for it."""
        return self.machine.send(frame, status, data1, data2)

    def set(self, part: int, parameter: str, value: Value) -> None:
        """Change a parameter of a part, by its id, from now on (see `PatchState.set`)."""
        self.parameters.set(part, parameter, value)

    def patch(self) -> Patch:
        """What a preset would keep of it now."""
        return self.parameters.read()

    def load(self, patch: Patch) -> None:
        """Be as a patch says, from now on (see `PatchState.load`)."""
        self.parameters.load(patch)

    def panic(self) -> None:
        """Silence now, and every controller as at the start."""
        self.machine.panic()

    def fade(self) -> None:
        """Let everything that sounds fade out at once."""
        for channel in range(CHANNELS):
            self.send(messages.CONTROL_CHANGE | channel, messages.ALL_SOUND_OFF)

    def subscribe(self, hear: Hear) -> None:
        """Let `hear` be told every message that is performed, by the thread that attends."""
        self.events.subscribe(hear)

    def attend(self) -> bool:
        """Tell what was performed, then aim the renders at the blend of this moment.

        True while that moves though nothing more is performed.
        """
        self.events.fetch()
        now, moves = self.frame, False
        self.parameters.attend(now)
        for listener in self.listeners:
            with self.faults:
                moves |= listener.aim(now)
        return moves

    def advance(self, frames: int) -> NDArray[np.float32]:
        """The next sound, float32 [2, frames], where no driver asks for it."""
        return process_block(self.machine, frames)

    @property
    def frame(self) -> int:
        """The next frame that will be asked for."""
        return int(self.machine.memory.status["frame"][0])

    def snapshot(self) -> SynthSnapshot:
        """How things stand."""
        return SynthSnapshot(
            tuple(self.renders.targets),
            self.machine.snapshot(),
            self.renders.snapshot(),
            self.faults.count,
        )
