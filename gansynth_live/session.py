"""A playing instrument: the one place where everything is joined, started and stopped in order.

Threads: the driver's callback (compiled), the MIDI poller, the render workers, and one control
thread that listens to the callback's notices and aims the cache. They meet in the machine's rings
and the cache's lock, nowhere else.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from typing import Self

from gansynth_live.config import Config
from gansynth_live.drivers.output import OutputPlan, plan_output
from gansynth_live.drivers.rig import Rig
from gansynth_live.errors import GansynthError
from gansynth_live.export import Export
from gansynth_live.instrument import (
    make_controls,
    make_machine,
    open_instrument,
    path_instruments,
)
from gansynth_live.kernel.machine import Snapshot
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.foresight import Foresight
from gansynth_live.latent.path import MorphPath
from gansynth_live.listener import Listener
from gansynth_live.render.live import LiveCache
from gansynth_live.render.roster import Arrived
from gansynth_live.render.snapshot import RenderSnapshot

LISTEN_SECONDS = 0.002  # between two looks at the notices: a knob's share of its 40 ms
EXPORT_SECONDS = 0.0001  # the same while an export waits

log = logging.getLogger(__name__)

Say = Callable[[str], None]


@dataclass(frozen=True)
class SessionSnapshot:
    """Everything a screen may show."""

    output: str
    blend: Blend
    engine: Snapshot
    renders: RenderSnapshot


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
        self._ears = Listener(self.machine, self.controls, foresight, self.renders)
        self._export = Export(self.machine, self._ears, self.renders, say)
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
        self._stopping = Event()
        self._listener = Thread(target=self._listen, name="control", daemon=True)
        self.failure: GansynthError | None = None

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
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop: nothing new, then silence, then the device, then the renderers."""
        self._stopping.set()
        self._listener.join()
        self._rig.close()
        self.renders.stop()
        log.info("at the end: %s; %s", self.machine.snapshot(), self.renders.snapshot())

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the session fails or `seconds` pass; True if it is still playing.

        Raises:
            DeviceError: the audio output was lost for good.
            RenderError: no render thread is left.
        """
        ended = self._stopping.wait(seconds)
        if self.failure is not None:
            raise self.failure
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
        )

    def _listen(self) -> None:
        pause = LISTEN_SECONDS
        while not self._stopping.wait(pause):
            try:
                pause = self._attend()
            except GansynthError as error:
                self.failure = error
                self._stopping.set()

    def _attend(self) -> float:
        """See to whatever there is to do; seconds until the next look."""
        if self._export.serve():
            return EXPORT_SECONDS  # and nothing is asked of the server, which waits for us
        self._ears.listen()
        self._rig.tend()
        self.renders.check()
        return LISTEN_SECONDS
