"""A playing instrument: the one place where everything is joined, started and stopped in order.

Threads: the driver's callback (compiled), the MIDI poller, the render workers, and one control
thread that listens to the callback's notices and aims the cache. They meet in the machine's rings
and the cache's lock, nowhere else.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from gansynth_live.config import Config
from gansynth_live.control import Control
from gansynth_live.drivers.output import OutputPlan, plan_output
from gansynth_live.drivers.rig import Rig
from gansynth_live.export import Export
from gansynth_live.faults import Faults
from gansynth_live.instrument import (
    make_controls,
    make_machine,
    open_instrument,
    path_instruments,
)
from gansynth_live.kernel.layout import CHANNELS
from gansynth_live.kernel.machine import NOW, Snapshot
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.foresight import Foresight
from gansynth_live.latent.path import MorphPath
from gansynth_live.listener import Listener
from gansynth_live.midi import messages
from gansynth_live.render.live import LiveCache
from gansynth_live.render.roster import Arrived
from gansynth_live.render.snapshot import RenderSnapshot

PATIENCE_SECONDS = 0.3  # at the end, with a control thread that is inside an audio library
FADE_PATIENCE = 3.0  # times as long as the last fade takes, for an output that may be dead
FADE_LOOK_SECONDS = 0.002

log = logging.getLogger(__name__)

Say = Callable[[str], None]


@dataclass(frozen=True)
class SessionSnapshot:
    """Everything a screen may show."""

    output: str
    blend: Blend
    engine: Snapshot
    renders: RenderSnapshot
    faults: int


class Session:
    """An instrument that plays from `start` until `close`.

    Args:
        config: all settings.
        say: is told in one line what came, went or failed; from any thread.
        arrived: told whenever a voice began, or went on in another render (see `Roster`).

    Raises:
        GansynthError: the model is missing or damaged, an instrument is unknown.
        DeviceError: there is no audio output.
    """

    def __init__(self, config: Config, say: Say, arrived: Arrived | None = None) -> None:
        self.plan: OutputPlan = plan_output(
            config.audio.driver,
            config.audio.device or None,
            config.audio.sample_rate,
            config.audio.block,
        )
        model, morph = config.model, config.morph
        self.instrument = open_instrument(
            model.path, model.inversion, self.plan.sample_rate, model.threads
        )
        library, renderer = self.instrument.library, self.instrument.renderer
        path = MorphPath(path_instruments(morph.instruments, library))
        if morph.directions:
            say("the model's directions: the first time they are sought, for half a minute")
        self.controls = make_controls(config, path, library)
        self.machine = make_machine(config, renderer)
        self.renders: LiveCache[Blend] = LiveCache(
            self.machine,
            renderer,
            library.latent,
            self.controls.blend_at(0.0),
            report=say,
            workers=config.render.workers,
            arrived=arrived,
            vibrato=library.vibrato,
        )
        foresight = Foresight(make_controls(config, path, library))
        self._faults = Faults("the controls", say)
        ears = Listener(self.machine, self.controls, foresight, self.renders, self._faults)
        export = Export(self.machine, ears, self.renders, say)
        self._rig = Rig(
            self.machine,
            self.plan,
            config.midi.inputs,
            config.midi.virtual_port,
            connect=config.audio.connect,
            say=say,
        )
        self._say = say
        log.info("%s; %d render slots; %s", self.plan, self.machine.slots, config)
        self._fade_seconds = config.voice.steal_fade
        self._control = Control(export.serve, ears.listen, self._tend, self._faults)

    def __enter__(self) -> Self:
        """Start: first the renderers, which take longest, then the sound.

        Raises:
            DeviceError: the audio output cannot be opened.
        """
        self.renders.start()
        try:
            self._rig.start()
        except BaseException:
            self.renders.stop()
            raise
        self._control.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop: silence, then nothing new, then the device, then the renderers. Never hangs."""
        self._fall_silent()
        self._control.stop(PATIENCE_SECONDS)
        self._rig.close()
        self.renders.stop()
        log.info("at the end: %s; %s", self.machine.snapshot(), self.renders.snapshot())

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the session fails or `seconds` pass; True if it is still playing.

        Raises:
            DeviceError: the audio output was lost for good.
            RenderError: no render thread is left.
        """
        ended = self._control.ended.wait(seconds)
        if self._control.failure is not None:
            raise self._control.failure
        return not ended

    def panic(self) -> None:
        """Silence now, and every controller as at the start."""
        self.machine.panic()

    def snapshot(self) -> SessionSnapshot:
        """How things stand. Thread: any."""
        return SessionSnapshot(
            self._rig.description,
            self.renders.target,
            self.machine.snapshot(),
            self.renders.snapshot(),
            self._faults.count,
        )

    def _tend(self) -> None:
        self._rig.tend()
        self.renders.check()

    def _fall_silent(self) -> None:
        """Fade what sounds, and wait until a silent block has left; a dead output has not long."""
        for channel in range(CHANNELS):
            self.machine.send(NOW, messages.CONTROL_CHANGE | channel, messages.ALL_SOUND_OFF)
        seconds = self._fade_seconds + 2 * self.plan.block / self.plan.sample_rate
        silent = self.machine.snapshot().frame + seconds * self.plan.sample_rate
        deadline = time.monotonic() + FADE_PATIENCE * seconds
        while self.machine.snapshot().frame < silent and time.monotonic() < deadline:
            time.sleep(FADE_LOOK_SECONDS)
