"""A player's rig: one audio output and any number of MIDI inputs, kept going whatever happens."""

import time
from collections.abc import Callable, Sequence

from gansynth_live.drivers.jack import JackOutput
from gansynth_live.drivers.midi_api import open_midi_api
from gansynth_live.drivers.midi_ports import MidiPorts
from gansynth_live.drivers.output import Output, OutputPlan, open_output
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.midi.messages import RESET

SCAN_SECONDS = 1.0
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
        self._output: Output | None = None
        self._midi: MidiPorts | None = None
        self._jack_keyboards = False
        self._has_stale_messages = False
        self._next_look = 0.0
        self._retry_seconds = FIRST_RETRY_SECONDS

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
        """Notice a lost output and bring it back; look for new keyboards. Call it often.

        Raises:
            DeviceError: the output is lost for good.
        """
        now = time.monotonic()
        if self._output is not None and not self._output.is_alive():
            self._lose_output(self._output)
            self._next_look = now + self._retry_seconds
        if self._output is not None and self._has_stale_messages:
            # Keys that were pressed while nothing could sound are history.
            self._has_stale_messages = not self._machine.send(NOW, RESET)
        if now < self._next_look:
            return
        if self._output is None:
            self._retry(now)
        else:
            self._next_look = now + SCAN_SECONDS
            self._look_for_jack_keyboards(self._output)

    def close(self) -> None:
        """Let everything go. Never hangs."""
        if self._midi is not None:
            self._midi.close()
        if self._output is not None:
            self._output.close()

    @property
    def description(self) -> str:
        """What the sound comes out of, for people."""
        return self._output.description if self._output is not None else "no audio output"

    def _open_output(self) -> None:
        output = open_output(self._plan, self._machine, connect=self._connect)
        output.start()
        self._output = output

    def _open_midi(self) -> None:
        """Take keyboards from JACK if it has any: heard to the sample, and only once."""
        if isinstance(self._output, JackOutput):
            self._jack_keyboards = bool(self._output.connect_midi(self._inputs))
        try:
            api = open_midi_api()
        except DeviceError:
            if not isinstance(self._output, JackOutput):
                raise
            self._jack_keyboards = True
            return
        wanted = () if self._jack_keyboards else self._inputs or None
        self._midi = MidiPorts(api, self._machine, self._virtual, wanted, self._say)
        self._midi.start()

    def _look_for_jack_keyboards(self, output: Output) -> None:
        if self._jack_keyboards and isinstance(output, JackOutput):
            output.connect_midi(self._inputs)

    def _lose_output(self, output: Output) -> None:
        self._output = None
        self._has_stale_messages = True
        output.close()
        if not output.returns:
            raise DeviceError("the audio device is lost: the JACK server has gone; start again")
        self._say("the audio device is lost; waiting for it to come back")

    def _retry(self, now: float) -> None:
        try:
            self._open_output()
        except DeviceError:
            self._retry_seconds = min(2 * self._retry_seconds, LAST_RETRY_SECONDS)
            self._next_look = now + self._retry_seconds
            return
        self._retry_seconds = FIRST_RETRY_SECONDS
        self._say(f"the audio device is back: {self.description}")
