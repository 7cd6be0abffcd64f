"""A player's rig: one audio output and any number of MIDI inputs, kept going whatever happens."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from math import nan

from gansynth_live.drivers.jack import JackOutput
from gansynth_live.drivers.midi_api import may_answer, open_midi_api
from gansynth_live.drivers.midi_ports import MidiPorts
from gansynth_live.drivers.output import Output, OutputPlan, open_output
from gansynth_live.drivers.patchbay import Patchbay
from gansynth_live.engine.restart import restart
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.machine import Machine

FIRST_RETRY_SECONDS = 0.25
LAST_RETRY_SECONDS = 0.5
LOOK_SECONDS = 3.0  # between two looks for a MIDI system that was not there

Say = Callable[[str], None]


class Rig:
    """Connects a machine with the world and tends the connection.

    Args:
        machine: made for the plan's sample rate.
        plan: from `plan_output`.
        inputs: parts of keyboards' names; empty: every keyboard.
        virtual: name of the port that other programs can send to; "" for none.
        connect: under JACK, join the outputs to the speakers.
        say: is told in one line what came, what went and what is missing.

    Attributes:
        load: share of a block's time that the output took lately (see `Output.load`); NaN: none.
    """

    def __init__(
        self,
        machine: Machine,
        plan: OutputPlan,
        inputs: Sequence[str] = (),
        virtual: str = "GANSynth Live",
        *,
        connect: bool = True,
        say: Say = lambda _line: None,
    ) -> None:
        self._machine = machine
        self._plan = plan
        self._inputs = tuple(inputs)
        self._virtual = virtual or None
        self._connect = connect
        self._say = say
        self._patchbay = Patchbay(machine, self._inputs, say)
        self._output: Output | None = None
        self._midi: MidiPorts | None = None
        self._stalls = 0
        self._next_retry = 0.0
        self._next_look = time.monotonic() + LOOK_SECONDS
        self._retry_seconds = FIRST_RETRY_SECONDS
        self._reason = ""
        self.load = nan

    def start(self) -> None:
        """Open the output and the MIDI inputs.

        Raises:
            DeviceError: there is no output. Missing MIDI is only said: it may come.
        """
        self._open_output()
        try:
            self._open_midi()
        except DeviceError as error:
            if isinstance(self._output, JackOutput):  # which brings MIDI of its own
                self._patchbay.say_missing(self._output)
            else:
                self._say(str(error))

    def tend(self) -> None:
        """Notice a lost output and bring it back; notice sources that come or go. Call it often.

        Raises:
            DeviceError: the output is lost for good, or nobody listens to MIDI any more.
        """
        if self._midi is not None:
            self._midi.check()
        now = time.monotonic()
        output = self._output
        if output is None:
            if now >= self._next_retry:
                self._retry(now)
        elif not output.is_alive():
            self._lose_output(output, now)
        else:
            if isinstance(output, JackOutput):
                self._patchbay.tend(output, now)
            self.load = output.load()
            self._tell_stalls()
            if self._midi is None and now >= self._next_look:
                self._look_for_midi(now)

    def close(self) -> None:
        """Let everything go. Never hangs."""
        if self._midi is not None:
            self._midi.close()
        if self._output is not None:
            self._output.close()

    @property
    def has_output(self) -> bool:
        """Whether there is an output now, as far as was noticed."""
        return self._output is not None

    @property
    def faults(self) -> int:
        """Steps of the MIDI inputs that failed and were survived. Thread: any."""
        return 0 if self._midi is None else self._midi.faults

    @property
    def inputs(self) -> list[str]:
        """Names of the MIDI inputs that are heard. Thread: any."""
        keyboards = [] if self._midi is None else self._midi.connected()
        return [*self._patchbay.sources(), *keyboards]

    @property
    def description(self) -> str:
        """What the sound comes out of, for people."""
        output = self._output  # another thread may be losing it
        return output.description if output is not None else "no audio output"

    def _open_output(self) -> None:
        """Open and start an output that plays nothing of what was before.

        What sounded, and the keys that were pressed while nothing could sound, are history.
        """
        connect = self._connect and not self._patchbay.remembers
        output = open_output(self._plan, self._machine, connect=connect)
        restart(self._machine.memory)
        self._machine.panic()
        try:
            output.start()
        except BaseException:
            output.close()
            raise
        self._output = output

    def _open_midi(self) -> None:
        """Take keyboards from JACK if it has any: heard to the sample, and only once.

        Raises:
            DeviceError: the system has no MIDI.
        """
        patchbay, output = self._patchbay, self._output
        if isinstance(output, JackOutput):
            patchbay.tend(output, time.monotonic())
        api = open_midi_api()
        patchbay.takes_keyboards = patchbay.has_keyboards()
        wanted = () if patchbay.has_keyboards() else self._inputs or None
        self._midi = MidiPorts(api, self._machine, self._virtual, wanted, self._say)
        self._midi.start()

    def _look_for_midi(self, now: float) -> None:
        """Open the MIDI inputs if the system has them by now: an instrument may start before it."""
        self._next_look = now + LOOK_SECONDS
        if may_answer():
            with suppress(DeviceError):  # it was said at the start
                self._open_midi()

    def _tell_stalls(self) -> None:
        stalls = int(self._machine.memory.status["stalls"][0])
        if stalls != self._stalls:
            self._stalls = stalls
            self._say("the sound stood still and MIDI may be lost: all notes were ended")

    def _lose_output(self, output: Output, now: float) -> None:
        if not output.returns:
            raise DeviceError("the audio device is lost: the JACK server has gone; start again")
        self._output, self.load = None, nan
        self._patchbay.lose(now)
        self._next_retry = now + self._retry_seconds
        output.close()
        self._say("the audio device is lost; waiting for it to come back")

    def _retry(self, now: float) -> None:
        try:
            self._open_output()
        except DeviceError as error:
            if str(error) != self._reason:
                self._reason = str(error)
                self._say(f"no sound yet: {self._reason}")
            self._retry_seconds = min(2 * self._retry_seconds, LAST_RETRY_SECONDS)
            self._next_retry = now + self._retry_seconds
            return
        self._reason = ""
        self._retry_seconds = FIRST_RETRY_SECONDS
        self._say(f"the audio device is back: {self.description}")
        if self._machine.sample_rate != self._machine.slot_rate:
            self._say(
                f"it is resampled from {self._machine.slot_rate} Hz; start again for the best"
            )
