"""A synth on stage: joined with its devices, started and stopped in order.

Threads: the driver's callback (compiled), the MIDI poller, the render workers, and one control
thread that attends to the synth. They meet in the machine's rings and the cache's lock, nowhere
else.
"""

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Self

from gansynth_live.config import Config, control_map
from gansynth_live.control import Control
from gansynth_live.drivers.output import OutputPlan, plan_output
from gansynth_live.drivers.rig import Rig
from gansynth_live.editor import Editor
from gansynth_live.export import Export
from gansynth_live.instrument import open_instrument
from gansynth_live.kernel.news import wait_for_news
from gansynth_live.learner import Learner
from gansynth_live.preset_programs import PresetPrograms
from gansynth_live.presets.preset import Preset
from gansynth_live.presets.settings import lend_instruments
from gansynth_live.presets.store import Store
from gansynth_live.render.voices.tracker import OnVoiceSwitch, VoiceSwitch
from gansynth_live.synth import Synth
from gansynth_live.takes.recorder import Recorder

PATIENCE_SECONDS = 0.3  # at the end, with a control thread that is inside an audio library
FADE_PATIENCE = 3.0  # times as long as the last fade takes, for an output that may be dead
FADE_LOOK_SECONDS = 0.002

log = logging.getLogger(__name__)


def _both(first: OnVoiceSwitch, second: OnVoiceSwitch) -> OnVoiceSwitch:
    def tell(switch: VoiceSwitch) -> None:
        first(switch)
        second(switch)

    return tell


Say = Callable[[str], None]


class Session:
    """An instrument that plays from `start` until `close`.

    Args:
        config: all settings.
        say: is told in one line what came, went or failed; from any thread.
        switched: told whenever a voice began, or went on in another render (see `Scheduler`).
        preset: that the settings are of; its own instruments are lent to the library.

    Attributes:
        synth: what is played.
        instrument: the model that renders, and its instruments by name.
        editor: changes it in steps that can be undone.
        takes: remembers what was performed.
        learner: lets controllers move other parameters.
        presets: those of the program and of whoever plays.

    Raises:
        GansynthError: the model is missing or damaged, an instrument is unknown.
        DeviceError: there is no audio output.
    """

    def __init__(
        self,
        config: Config,
        say: Say,
        switched: OnVoiceSwitch | None = None,
        preset: Preset | None = None,
    ) -> None:
        self.plan: OutputPlan = plan_output(
            config.audio.driver,
            config.audio.device or None,
            config.audio.sample_rate,
            config.audio.block,
        )
        model = config.model
        self.instrument = instrument = open_instrument(
            model.path,
            model.inversion,
            self.plan.sample_rate,
            model.threads,
            config.air.amount,
            config.life.amount,
        )
        if preset is not None:
            lend_instruments(preset, instrument.bundle, instrument.library)
        if config.morph.directions or control_map(config).directions:
            say("the model's directions: the first time they are sought, for half a minute")
        self.takes = Recorder(config, instrument)
        told = _both(self.takes.switched, switched) if switched else self.takes.switched
        self.synth = Synth(config, instrument, say, told)
        self.takes.listen_to(self.synth)
        self.editor = Editor(self.synth, instrument, edited=self.takes.edited)
        self.learner = Learner(self.synth, say, self.takes.learnt)
        self.synth.subscribe(self.learner.hear)
        self.presets = Store.of_user()
        programs = PresetPrograms(self.synth, self.editor, self.presets, say)
        self.synth.subscribe(programs.hear)
        self._rig = Rig(
            self.synth.machine,
            self.plan,
            config.midi.inputs,
            config.midi.virtual_port,
            connect=config.audio.connect,
            say=say,
        )
        log.info("%s; %d render slots; %s", self.plan, len(self.synth.machine.slots), config)
        self._fade_seconds = config.voice.steal_fade
        self._control = Control(
            Export(self.synth, say).serve,
            self._attend,
            partial(wait_for_news, self.synth.machine),
            self._tend,
            self.synth.faults,
        )

    def __enter__(self) -> Self:
        """Start: first the renderers, which take longest, then the sound.

        Raises:
            DeviceError: the audio output cannot be opened.
        """
        self.synth.start()
        try:
            self._rig.start()
        except BaseException:
            self.synth.close()
            raise
        self._control.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop: silence, then nothing new, then the device, then the renderers. Never hangs."""
        self._fall_silent()
        self._control.stop(PATIENCE_SECONDS)
        self._rig.close()
        self.synth.close()
        log.info("at the end: %s", self.synth.snapshot())

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

    @property
    def has_output(self) -> bool:
        """Whether there is something to sound from now. Thread: any."""
        return self._rig.has_output

    @property
    def output(self) -> str:
        """What the sound comes out of, for people. Thread: any."""
        return self._rig.description

    @property
    def inputs(self) -> Sequence[str]:
        """Names of the MIDI inputs that are heard. Thread: any."""
        return self._rig.inputs

    @property
    def load(self) -> float:
        """Share of a block's time that the output took for it lately; NaN without one.

        Of all of the server's clients where there is a server. Thread: any.
        """
        return self._rig.load

    @property
    def faults(self) -> int:
        """Those of the controls and the MIDI inputs, which were survived. Thread: any."""
        return self.synth.faults.count + self._rig.faults

    def _attend(self) -> bool:
        moves = self.synth.attend()
        with self.synth.faults:
            self.takes.attend()
        return moves

    def _tend(self) -> None:
        with self.synth.faults:
            self.learner.look()
        self._rig.tend()
        self.synth.renders.check()

    def _fall_silent(self) -> None:
        """Fade what sounds, and wait until a silent block has left; a dead output has not long."""
        self.synth.fade()
        rate = self.synth.machine.sample_rate
        seconds = self._fade_seconds + 2 * self.plan.block / rate
        silent = self.synth.frame + seconds * rate
        deadline = time.monotonic() + FADE_PATIENCE * seconds
        while self.synth.frame < silent and time.monotonic() < deadline:
            time.sleep(FADE_LOOK_SECONDS)
