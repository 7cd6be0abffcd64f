"""What plays us and what hears us: released when it goes, joined again when it is back."""

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gansynth_live.drivers.libjack import IS_OUTPUT, libjack, open_client
from gansynth_live.drivers.libjack import MIDI as MIDI_TYPE
from gansynth_live.drivers.output import plan_output
from gansynth_live.drivers.rig import Rig
from gansynth_live.kernel.layout import FREE
from gansynth_live.kernel.machine import Machine
from tests.conftest import REPOSITORY
from tests.drivers.test_jack import AUDIO, MIDI
from tests.e2e.conftest import private_server
from tests.e2e.jackd import JackServer
from tests.e2e.tones import tone_machine
from tests.eventually import eventually

PATIENCE = 10.0
CHORD = (60, 64, 67)

pytestmark = pytest.mark.jack


@pytest.fixture
def jack_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JackServer]:
    """One that does not wait for clients that are killed here."""
    yield from private_server(tmp_path, monkeypatch, waits=False)


class Source:
    """A program with a MIDI output `NAME:out`."""

    def __init__(self, name: str) -> None:
        self.port = f"{name}:out"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.drivers.studio_client", name],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._wait()

    def do(self, *words: object) -> None:
        assert self.process.stdin is not None
        print(*words, file=self.process.stdin, flush=True)
        self._wait()

    def hold_a_chord_with_the_pedal(self, channel: int = 0) -> None:
        self.do("send", 0xB0 | channel, 64, 127)
        for key in CHORD:
            self.do("send", 0x90 | channel, key, 100)

    def end(self) -> None:
        """Close the client in order."""
        self.process.communicate(timeout=PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _wait(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "done\n"


class Tended:
    """A rig that a thread tends as a session does."""

    def __init__(self, machine: Machine, inputs: tuple[str, ...], connect: bool) -> None:
        self.machine = machine
        self.lines: queue.Queue[str] = queue.Queue()
        plan = plan_output("jack")
        self.rig = Rig(machine, plan, inputs, connect=connect, say=self.lines.put)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tend)

    def wait_for_line(self, line: str) -> None:
        """Pass over what is said until `line` comes."""
        while self.lines.get(timeout=PATIENCE) != line:
            pass

    def held(self) -> int:
        """Voices whose key or pedal is still down."""
        voices = self.machine.memory.voices
        return int(((voices["stage"] != FREE) & (voices["released"] == 0)).sum())

    def start(self) -> None:
        self.rig.start()
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self.rig.close()

    def _tend(self) -> None:
        while not self._stop.wait(0.002):
            self.rig.tend()


@contextmanager
def tended(server: JackServer, *inputs: str, connect: bool = True) -> Iterator[Tended]:
    tended = Tended(tone_machine(server.sample_rate), inputs, connect)
    tended.start()
    try:
        yield tended
    finally:
        tended.close()


@pytest.mark.parametrize("way", ["disconnect", "end"])
def test_what_a_source_held_is_released_when_it_goes(jack_server: JackServer, way: str) -> None:
    with tended(jack_server) as synth:
        source = Source("Sequencer")
        source.do("connect", MIDI)
        synth.wait_for_line("MIDI input: Sequencer:out")
        source.hold_a_chord_with_the_pedal(channel=5)
        eventually(lambda: synth.held() == len(CHORD))
        if way == "disconnect":
            source.do("disconnect", MIDI)
        else:
            source.end()
        synth.wait_for_line("MIDI input gone: Sequencer:out")
        eventually(lambda: synth.held() == 0)
        assert synth.machine.memory.channels["sustain"][5] == 0.0
        source.kill()


def test_a_wanted_source_is_waited_for_and_joined_whenever_it_comes(
    jack_server: JackServer,
) -> None:
    with tended(jack_server, "sequen") as synth:
        synth.wait_for_line(
            "MIDI input 'sequen' is not here yet (inputs: "
            "system:midi_capture_1, system:midi_capture_2); waiting for it"
            if "system:midi_capture_1" in jack_server.ports()
            else "MIDI input 'sequen' is not here yet (inputs: none); waiting for it"
        )
        for _ in range(2):
            source = Source("Sequencer")
            synth.wait_for_line("MIDI input: Sequencer:out")
            source.end()
            synth.wait_for_line("MIDI input gone: Sequencer:out")


def test_a_source_whose_name_is_no_text_is_joined_like_any_other(jack_server: JackServer) -> None:
    library, sequencer = libjack(), open_client("Sequencer")
    library.jack_port_register(sequencer, b"cl\xe9", MIDI_TYPE, IS_OUTPUT, 0)
    library.jack_activate(sequencer)
    try:
        with tended(jack_server, "sequen") as synth:
            synth.wait_for_line(r"MIDI input: Sequencer:cl\udce9")
    finally:
        library.jack_client_close(sequencer)


def test_a_source_that_was_taken_off_by_hand_stays_off(jack_server: JackServer) -> None:
    with tended(jack_server, "sequen") as synth:
        source = Source("Sequencer")
        synth.wait_for_line("MIDI input: Sequencer:out")
        source.do("disconnect", MIDI)
        synth.wait_for_line("MIDI input gone: Sequencer:out")
        other = Source("Other Sequencer".replace(" ", "-"))
        synth.wait_for_line("MIDI input: Other-Sequencer:out")
        assert jack_server.connections()[MIDI] == ["Other-Sequencer:out"]
        source.kill()
        other.kill()


def test_connections_are_as_before_when_the_server_is_back(jack_server: JackServer) -> None:
    with tended(jack_server) as synth:
        source = Source("Sequencer")
        source.do("connect", MIDI)
        synth.wait_for_line("MIDI input: Sequencer:out")
        crossing = ["jack_connect", "-s", jack_server.name, AUDIO[0], "system:playback_2"]
        subprocess.run(crossing, check=True)
        crossed = jack_server.connections()
        jack_server.kill()
        synth.wait_for_line("the audio device is lost; waiting for it to come back")
        source.kill()
        jack_server.start()
        source = Source("Sequencer")
        eventually(lambda: jack_server.connections().get(MIDI) == crossed[MIDI])
        after = jack_server.connections()
        assert {port: sorted(after[port]) for port in AUDIO} == {
            port: sorted(crossed[port]) for port in AUDIO
        }
        source.kill()


def test_a_server_that_ends_in_order_makes_us_forget_nothing(jack_server: JackServer) -> None:
    with tended(jack_server) as synth:
        eventually(lambda: bool(jack_server.connections()[AUDIO[0]]))
        jack_server.stop()
        synth.wait_for_line("the audio device is lost; waiting for it to come back")
        jack_server.start()
        eventually(lambda: jack_server.connections().get(AUDIO[0]) == ["system:playback_1"])


def test_without_connect_the_speakers_are_left_alone(jack_server: JackServer) -> None:
    with tended(jack_server, connect=False):
        assert jack_server.connections()[AUDIO[0]] == []


def test_what_sounded_when_the_device_was_lost_is_over_when_it_is_back(
    jack_server: JackServer,
) -> None:
    with tended(jack_server) as synth:
        source = Source("Sequencer")
        source.do("connect", MIDI)
        source.hold_a_chord_with_the_pedal()
        eventually(lambda: synth.machine.snapshot().voices == len(CHORD))
        jack_server.kill()
        synth.wait_for_line("the audio device is lost; waiting for it to come back")
        synth.machine.send(-1, 0x90, 60, 100)
        synth.machine.memory.bus["peak"] = 0.0
        notes = synth.machine.snapshot().notes
        jack_server.start()
        synth.wait_for_line(
            f"the audio device is back: JACK, 48000 Hz, blocks of {jack_server.block} frames"
        )
        blocks = synth.machine.snapshot().callbacks
        eventually(lambda: synth.machine.snapshot().callbacks > blocks + 20)
        assert synth.machine.snapshot().peak == 0.0
        assert synth.machine.snapshot().notes == notes
        source.kill()
