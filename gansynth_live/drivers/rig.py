"""A player's rig: one audio output and any number of MIDI inputs, kept going whatever happens."""

import time
from collections.abc import Callable, Sequence

from gansynth_live.drivers.jack import JackOutput
from gansynth_live.drivers.midi_api import open_midi_api
from gansynth_live.drivers.midi_ports import MidiPorts
from gansynth_live.drivers.output import Output, OutputPlan, open_output
from gansynth_live.drivers.patchbay import Patchbay
from gansynth_live.engine.restart import restart
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.midi.messages import RESET

FIRST_RETRY_SECONDS = 0.25
LAST_RETRY_SECONDS = 2.0

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
        self._retry_seconds = FIRST_RETRY_SECONDS
        self._reason = ""

    def start(self) -> None:
        """Open the output and the MIDI inputs.

        Raises:
            DeviceError: there is no output. Missing MIDI is only said: it may come.
        """
        self._open_output()
        try:
            self._open_midi()
        except DeviceError as error:
            self._say(str(error))

    def tend(self) -> None:
        """Notice a lost output and bring it back; notice sources that come or go. Call it often.

        Raises:
            DeviceError: the output is lost for good.
        """
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
            self._tell_stalls()

    def close(self) -> None:
        """Let everything go. Never hangs."""
        if self._midi is not None:
            self._midi.close()
        if self._output is not None:
            self._output.close()

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
        self._machine.send(NOW, RESET)
        try:
            output.start()
        except BaseException:
            output.close()
            raise
        self._output = output

    def _open_midi(self) -> None:
        """Take keyboards from JACK if it has any: heard to the sample, and only once."""
        patchbay, output = self._patchbay, self._output
        if isinstance(output, JackOutput):
            patchbay.tend(output, time.monotonic())
        try:
            api = open_midi_api()
        except DeviceError:
            if not isinstance(output, JackOutput):
                raise
            patchbay.say_missing(output)
            return
        patchbay.takes_keyboards = patchbay.has_keyboards()
        wanted = () if patchbay.has_keyboards() else self._inputs or None
        self._midi = MidiPorts(api, self._machine, self._virtual, wanted, self._say)
        self._midi.start()

    def _tell_stalls(self) -> None:
        stalls = int(self._machine.memory.status["stalls"][0])
        if stalls != self._stalls:
            self._stalls = stalls
            self._say("the sound stood still and MIDI may be lost: all notes were ended")

    def _lose_output(self, output: Output, now: float) -> None:
        self._output = None
        self._patchbay.lose(now)
        self._next_retry = now + self._retry_seconds
        output.close()
        if not output.returns:
            raise DeviceError("the audio device is lost: the JACK server has gone; start again")
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
